type Print = (...parts: readonly unknown[]) => void;

const quietOnes = new WeakSet<Print>();

/**
 * Keeps the NATS library from printing the raw bytes of a peer that breaks the protocol. It prints them by `console.log`, and they may
 * steer a terminal. All else that is printed that way is printed as before.
 */
export function quietLibrary(): void {
  const printer: { log: Print } = globalThis.console;
  const print = printer.log;
  if (quietOnes.has(print)) return;
  const quiet: Print = (...parts) => {
    if (parts[0] !== 'reader closed') print(...parts);
  };
  quietOnes.add(quiet);
  printer.log = quiet;
}
