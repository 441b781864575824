import { Failure } from '../../core/failure.ts';
import { isOfPolicies } from '../../core/fleet/policy-subject.ts';

/** The failures of the library that are the server's affair, by the names of their classes. */
const OF_SERVER =
  /^(?:JetStream|StreamNotFound|ConsumerNotFound|Request|Connection|ClosedConnection|Draining|NoResponders|Permission|Authorization|Timeout|Protocol)\w*/;

/** Asks the server. Turns the library's error into a failure with its remedy where the server is away, silent or unwilling. */
export async function askServer<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && !(error instanceof Failure) && OF_SERVER.test(error.name))
      throw failureOf(error);
    throw error;
  }
}

const refusal = (subject: string, isWrite: boolean): string =>
  isWrite && isOfPolicies(subject)
    ? 'these credentials may not write the policies of this tenant'
    : `the server does not permit this user to use ${subject}`;

function failureOf(error: Error): Failure {
  const [, way, subject] = /Permissions Violation for (\w+) (?:to )?"([^"]*)"/i.exec(error.message) ?? [];
  if (subject !== undefined)
    return new Failure(refusal(subject, way?.toLowerCase() === 'publish'), 1, {
      code: 'refused',
      remedy: 'connect as another user, or ask who runs the server',
    });
  if (error.name.startsWith('Timeout'))
    return new Failure('the server does not answer', 1, { remedy: 'try again' });
  if (/^NoResponders|NotEnabled/.test(error.name) || /no responders|not enabled/.test(error.message))
    return new Failure('the server does not keep this, or has no JetStream', 1, {
      remedy: 'let an administrator make the streams: egresstop fleet policy init',
    });
  return new Failure(`the server: ${error.message}`, 1);
}
