import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with `N passed, N failed`, whatever else was printed. A file that could not be loaded is one failure. */
export default class LastLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const broken = modules.filter(module => module.errors().length > 0).length;
    const count = (state: string): number => tests.filter(test => test.result().state === state).length;
    process.on('exit', () =>
      process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed\n`),
    );
  }
}
