import type { Connected } from './serve-request.ts';

/** Why a request was given up that must not be sent because its permit could not be recorded. */
class Unrecorded extends Error {
  override readonly name = 'Unrecorded';
}

/** Gives a request up as soon as its permit turns out not to be recorded, before anything is sent. */
export const unlessUnrecorded =
  (connected: Connected, abandoned: AbortController) =>
  (dst: string): void => {
    const why = connected(dst);
    if (why !== null) abandoned.abort(new Unrecorded(why));
  };

/** Why the request was given up, where that was it; else null. */
export const unrecordedBy = ({ reason }: AbortSignal): string | null =>
  reason instanceof Unrecorded ? reason.message : null;
