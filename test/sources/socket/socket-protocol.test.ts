import { describe, expect, it } from 'vitest';
import { SocketProtocol } from '../../../src/sources/socket/socket-protocol.ts';
import { Collected } from '../collected.ts';

const HELLO = '{"type":"hello","protocol":1,"mediator":"egresstop"}';
const event = (members: string): string => `{"type":"event",${members}}`;

function begin(): { readonly protocol: SocketProtocol; readonly heard: Collected } {
  const heard = new Collected();
  const protocol = new SocketProtocol('unix:s', heard);
  protocol.connect();
  return { protocol, heard };
}

describe('a server that says hello', () => {
  it('a server is asked for its past once, and its messages are passed on between its events', () => {
    const { protocol, heard } = begin();
    expect(protocol.receive([HELLO])).toEqual([{ type: 'subscribe', replay: 1000 }]);
    const order: string[] = [];
    const dropped = '{"type":"dropped","count":2}';
    const ordered = new SocketProtocol('unix:s', {
      status: heard.status,
      lines: ({ lines }) => order.push(...lines.map(line => JSON.stringify(line))),
      message: (_, { type }) => order.push(type),
    });
    ordered.connect();
    expect(ordered.receive([HELLO, event('"n":1'), dropped, event('"n":2'), HELLO])).toHaveLength(1);
    expect(order).toEqual(['hello', '"{\\"n\\":1}"', 'dropped', '"{\\"n\\":2}"', 'hello']);
  });

  it('a client that wants only news never asks for the past, and hears of the gap after a reconnect', () => {
    const heard = new Collected();
    const protocol = new SocketProtocol('unix:s', heard, { replay: 0 });
    for (const _ of [1, 2]) {
      protocol.connect();
      expect(protocol.receive([HELLO])).toEqual([{ type: 'subscribe', replay: 0 }]);
      protocol.disconnect(null);
    }
    expect(heard.messages.map(({ type }) => type)).toEqual(['hello', 'missed', 'hello']);
  });

  it('event lines lose their type member, other lines come as they are', () => {
    const { protocol, heard } = begin();
    protocol.receive([
      HELLO,
      event('"n":1'),
      '{"n":2,"type":"event"}',
      '{"n":3}',
      'garbage',
      '',
      { bytes: 9 },
    ]);
    const lines = ['{"n":1}', '{"n":2,"type":"event"}', '{"n":3}', 'garbage', '', { bytes: 9 }];
    expect(heard.texts).toEqual(lines);
    expect(heard.batches[0]?.first).toBe(1);
  });

  it.each([
    ['event_id', (n: number) => event(`"n":${n},"event_id":"id-${n}"`)],
    ['seq and ts', (n: number) => event(`"n":${n},"seq":${n},"ts":"2026-06-16T00:00:0${n}Z"`)],
  ])('events that are replayed after a reconnect count once, known by their %s', (_, numbered) => {
    const { protocol, heard } = begin();
    protocol.receive([HELLO, numbered(1), numbered(2)]);
    protocol.disconnect('{"type":"event","n":3,"ev');
    protocol.connect();
    expect(protocol.receive([HELLO])).toEqual([{ type: 'subscribe', replay: 1000 }]);
    protocol.receive([numbered(1), numbered(2), numbered(3), numbered(4)]);
    expect(heard.texts.map(text => /\d/.exec(JSON.stringify(text))?.[0])).toEqual(['1', '2', '3', '4']);
    expect(heard.batches.map(({ first }) => first)).toEqual([1, 3]);
    expect(heard.messages.map(({ type }) => type)).toEqual(['hello', 'hello']);
  });

  it('a seq that begins anew with a restarted mediator hides nothing', () => {
    const { protocol, heard } = begin();
    protocol.receive([HELLO, event('"seq":1,"ts":"2026-06-16T00:00:00Z"')]);
    protocol.connect();
    protocol.receive([HELLO, event('"seq":1,"ts":"2026-06-16T00:09:00Z"')]);
    expect(heard.texts).toHaveLength(2);
  });

  it('without ids nothing is asked for again, and the gap is told', () => {
    const { protocol, heard } = begin();
    protocol.receive([HELLO, event('"n":1,"event_id":"a"'), event('"n":2')]);
    protocol.disconnect(null);
    protocol.connect();
    expect(protocol.receive([HELLO])).toEqual([{ type: 'subscribe', replay: 0 }]);
    expect(heard.messages.map(({ type }) => type)).toEqual(['hello', 'missed', 'hello']);
  });

  it('the same id twice in one connection is two events', () => {
    const { protocol, heard } = begin();
    protocol.receive([HELLO, event('"event_id":"a"'), event('"event_id":"a"')]);
    expect(heard.texts).toHaveLength(2);
  });
});

describe('a server that just streams', () => {
  it('a server that just streams is never answered, whatever it says later', () => {
    const { protocol, heard } = begin();
    expect(protocol.receive(['{"event":"egress_allow"}', HELLO, event('"n":1')])).toEqual([]);
    expect(heard.texts).toEqual(['{"event":"egress_allow"}', HELLO, event('"n":1')]);
    expect(heard.messages).toEqual([]);
  });

  it.each(['{"type":"hello"}', 'hello', '{"type":', 'null', '[]', '{}'])(
    'a server whose first line is %s just streams',
    first => {
      const { protocol, heard } = begin();
      expect(protocol.receive([first])).toEqual([]);
      expect(heard.texts).toEqual([first]);
    },
  );

  it('a tail cut off by the end comes marked, and numbers go on over connections', () => {
    const { protocol, heard } = begin();
    protocol.receive(['a']);
    protocol.disconnect('b');
    protocol.connect();
    protocol.receive(['c']);
    expect(heard.placed).toEqual(['unix:s:1 a', 'unix:s:2 b', 'unix:s:3 c']);
    expect(heard.batches.map(batch => batch.unterminated)).toEqual([undefined, true, undefined]);
  });
});
