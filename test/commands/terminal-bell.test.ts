import { expect, it } from 'vitest';
import { noticeSequence } from '../../src/commands/dashboard/terminal-bell.ts';

const OSC_9 = '\u001b]9;egresstop: news\u0007';

it.each([
  ['bell', {}, '\u0007'],
  ['bell', { TERM_PROGRAM: 'kitty' }, '\u0007'],
  ['off', { TERM_PROGRAM: 'kitty' }, ''],
  ['desktop', { TERM_PROGRAM: 'WezTerm' }, OSC_9],
  ['desktop', { TERM: 'xterm-kitty' }, OSC_9],
  ['desktop', { WT_SESSION: 'x' }, OSC_9],
  ['desktop', { TERM: 'foot' }, '\u001b]777;notify;egresstop;news\u0007'],
  ['desktop', { TERM: 'rxvt-unicode-256color' }, '\u001b]777;notify;egresstop;news\u0007'],
  ['desktop', { TERM: 'xterm-256color' }, '\u0007'],
  ['desktop', { TERM: 'linux' }, '\u0007'],
  ['desktop', { TERM: 'tmux-256color', TMUX: 'x' }, `\u001bPtmux;\u001b${OSC_9}\u001b\\\u0007`],
] as const)('a notice by the way %s is spelled for a terminal with %j', (way, env, sequence) => {
  expect(noticeSequence(way, 'news', env)).toBe(sequence);
});
