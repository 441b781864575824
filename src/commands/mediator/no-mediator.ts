import { Failure } from '../../core/failure.ts';

/** The failure of a command if no mediator serves the socket. */
export const noMediator = (socket: string): Failure =>
  new Failure(`no mediator is up on ${socket}; start one with: egresstop mediator`);
