import { dirname, join } from 'node:path';
import { argumentsOf, type Service } from './mediator-up.ts';

/** A container image with Node. */
const IMAGE = 'node:24-slim';

/**
 * A service of a compose file (Compose Specification). Its port is published on loopback only, and the container can write only its own
 * folders.
 */
export function composeFile(service: Service): string {
  const [, script] = service.program;
  const package_ = dirname(dirname(script));
  const port = service.listen.slice(service.listen.lastIndexOf(':') + 1);
  const inside: Service = { ...service, program: ['node', script], listen: `0.0.0.0:${port}` };
  const folders = [service.policy, service.audit, service.socket].map(path => dirname(path));
  const mounts = [
    { path: package_, readOnly: true },
    ...[...new Set([...folders, service.authority])].map(path => ({ path, readOnly: false })),
  ];
  const status = ['CMD', 'node', script, 'mediator', 'status', '--socket', service.socket];
  return `# docker compose -f egresstop.yaml up -d    (make the folders below first, with mode 0700)
services:
  egresstop:
    image: ${IMAGE}
    user: ${text(`${service.user.uid}:${service.user.gid}`)}
    command:
${listed([...argumentsOf(inside), '--listen-on-network'])}
    environment:
      HOME: ${text(join(dirname(service.audit)))}
    ports:
      - ${text(`${service.listen}:${port}`)}
    volumes:
${mounts
  .map(
    ({ path, readOnly }) =>
      `      - type: bind\n        source: ${text(path)}\n        target: ${text(path)}${readOnly ? '\n        read_only: true' : ''}\n`,
  )
  .join('')
  .trimEnd()}
    read_only: true
    tmpfs:
      - /tmp
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    restart: unless-stopped
    healthcheck:
      test: [${status.map(text).join(', ')}]
      interval: 30s
`;
}

const listed = (words: readonly string[]): string => words.map(word => `      - ${text(word)}`).join('\n');

/** A text in double quotes, valid in YAML and JSON. Each dollar sign is doubled, because Compose reads a single one as a variable. */
const text = (value: string): string => JSON.stringify(value.replaceAll('$', '$$$$'));
