import { dirname, join } from 'node:path';
import { argumentsOf, type Service } from './mediator-up.ts';

/** A launchd agent (launchd.plist(5)) that starts at login and restarts when it ends. */
export const launchdAgent = (service: Service): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ~/Library/LaunchAgents/egresstop.mediator.plist
     launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/egresstop.mediator.plist -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>egresstop.mediator</string>
  <key>ProgramArguments</key>
  <array>
${argumentsOf(service)
  .map(argument => `    <string>${escaped(argument)}</string>`)
  .join('\n')}
  </array>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardErrorPath</key>
  <string>${escaped(join(dirname(service.audit), 'mediator.log'))}</string>
</dict>
</plist>
`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
