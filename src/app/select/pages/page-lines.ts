import type { ViewInput } from '../../lists/derived.ts';
import type { Page } from '../../state/page.ts';
import { besidesPlace, countedInputs, partsBeside, proofMoment, type FrameMemory } from '../frame-memory.ts';
import { eventPage } from './event-page.ts';
import { helpPage } from './help-page.ts';
import { hostPage } from './host-page.ts';
import { journalPage, journalRecordPage } from './journal-page.ts';
import type { PageLine } from './page.ts';
import { problemsPage } from './problems-page.ts';
import { sourcesPage } from './sources-page.ts';

/** The lines of a page. The same array is returned until something in it changes. */
export const pageLines = (page: Page, input: ViewInput, memory: FrameMemory): readonly PageLine[] =>
  memory.pages.of(inputsOf(page, input), () => made(page, input));

/** The parts of a page that do not affect its lines: the cursor's place and the search. */
const OF_PLACE: ReadonlySet<string> = new Set<keyof Page>(['cursor', 'top', 'held', 'search']);

/** Everything that the lines of a page depend on. */
function inputsOf(page: Page, { state, traffic }: ViewInput): readonly unknown[] {
  const isTimed = page.type === 'journal' || page.type === 'journal-record';
  return [
    ...partsBeside(page, OF_PLACE),
    ...countedInputs(state, traffic),
    isTimed ? state.now : proofMoment(state),
    ...besidesPlace(state),
  ];
}

function made(page: Page, { state, traffic }: ViewInput): readonly PageLine[] {
  switch (page.type) {
    case 'host':
      return hostPage({ host: page.host }, state, traffic);
    case 'event':
      return eventPage(page, state, traffic);
    case 'help':
      return helpPage(state);
    case 'problems':
      return problemsPage(state, traffic);
    case 'sources':
      return sourcesPage(state, traffic);
    case 'journal':
      return journalPage(state);
    case 'journal-record':
      return journalRecordPage(page.name, state);
  }
}
