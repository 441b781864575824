import type { Command } from 'commander';
import { ANSWER_VERDICTS, type AnswerVerdict } from '../../core/ask/answer.ts';
import type { Done } from '../policy/verbs.ts';

/** `ask` and `answer`: the questions of a mediator that asks. */
export function askVerbs(program: Command, done: Done): void {
  program
    .command('ask')
    .description('list the open questions of a mediator in mode ask')
    .option('-f, --follow', 'go on with new ones; while it runs, attempts wait for an answer')
    .option('--json', 'as JSON: one object, or one message a line with --follow')
    .option('--socket <path>', 'the audit socket of the mediator')
    .action(async options => {
      const { ask } = await import('./ask.ts');
      done(await ask(options));
    });
  program
    .command('answer')
    .description('answer an open question; exit 1 where another answer was first')
    .argument('<id>', 'the question, as egresstop ask prints it')
    .addArgument(program.createArgument('<verdict>', 'what becomes of it').choices(ANSWER_VERDICTS))
    .option('--for <term>', 'once (default), a duration as 10m, or run: as long as the mediator lives')
    .option('--always', 'write it into the policy file, as policy allow does')
    .option('--json', 'as JSON')
    .option('--socket <path>', 'the audit socket of the mediator')
    .action(async (id: string, verdict: AnswerVerdict, options) => {
      const { answer } = await import('./answer.ts');
      done(await answer(id, verdict, options));
    });
}
