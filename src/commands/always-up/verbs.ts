import { Option, type Command } from 'commander';
import type { Done } from '../policy/verbs.ts';

/** `service print systemd|launchd|compose`. */
export function serviceVerbs(program: Command, done: Done): void {
  program
    .command('service')
    .description('a mediator that is always up')
    .command('print')
    .description('print the file for a service manager: systemd, launchd or compose; nothing is written')
    .argument('<manager>', 'systemd, launchd or compose')
    .option('--listen <host:port>', 'where it listens, on loopback')
    .addOption(new Option('--mode <mode>', 'how it rules').choices(['guarded', 'strict', 'ask']))
    .option('--policy <file>', 'the policy file, instead of the usual one')
    .action(async (manager: string, options) => {
      const { printService } = await import('./print-unit.ts');
      done(await printService(manager, options));
    });
}
