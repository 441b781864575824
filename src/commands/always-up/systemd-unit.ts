import { dirname } from 'node:path';
import { argumentsOf, type Service } from './mediator-up.ts';

/** A unit for the user's systemd (systemd.service(5), systemd.exec(5)). The service can write only its own folders. */
export function systemdUnit(service: Service): string {
  const folders = [service.policy, service.audit, service.socket].map(path => dirname(path));
  const writable = [...new Set([...folders, service.authority])];
  return `# ~/.config/systemd/user/egresstop.service
# systemctl --user enable --now egresstop    (loginctl enable-linger keeps it up without a login)
[Unit]
Description=egresstop: mediator for the egress of AI agents
After=network.target

[Service]
Type=exec
ExecStartPre=/bin/mkdir -p -m 0700 ${writable.map(quoted).join(' ')}
ExecStart=${argumentsOf(service).map(quoted).join(' ')}
Restart=on-failure
RestartSec=1
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${writable.map(path => quoted(`-${path}`)).join(' ')}
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native

[Install]
WantedBy=default.target
`;
}

/** Quotes a text by systemd.syntax(7), "Quoting", and escapes specifiers and variables. */
const quoted = (text: string): string => {
  const plain = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./:@%+=$-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`;
};
