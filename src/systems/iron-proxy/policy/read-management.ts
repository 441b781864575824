import { YamlWalk } from '../../policy-text/yaml-walk.ts';

/** The address of a proxy's management API, and the variable that holds its key. */
export interface Management {
  /** Empty if it listens on all interfaces. */
  readonly host: string;
  readonly port: number;
  readonly keyVariable: string;
}

/** The management section of a configuration; null without one (`internal/config/config.go`). */
export function readManagement(text: string, path: string): Management | null {
  const walk = new YamlWalk(text, path);
  const block = walk.at(walk.root, 'management');
  const listen = walk.word(walk.at(block, 'listen'))?.text ?? '';
  const [, bracketed, plain = '', port] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(listen) ?? [];
  if (port === undefined) return null;
  const host = bracketed ?? plain;
  return {
    host: host === '::' || host === '0.0.0.0' ? '' : host,
    port: Number(port),
    keyVariable: walk.word(walk.at(block, 'api_key_env'))?.text || 'IRON_MANAGEMENT_API_KEY',
  };
}
