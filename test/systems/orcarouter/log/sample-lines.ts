/** Sample rows of the firewall, one per case. */
export const SAMPLE_LINES: readonly string[] = [
  String.raw`{"id":1,"created_at":"2026-11-19T08:00:20Z","verdict":"allow","surface":"egress","tool_name":"web.http_fetch","reason":"egress to api.openai.com allowed","policy_name":"prod-agents","rule_label":"approved hosts","request_id":"req_7c1d","token_name":"agent-key","egress_host":"api.openai.com","egress_url":"https://api.openai.com/"}`,
  String.raw`{"id":2,"created_at":1795075221,"verdict":"deny","surface":"egress","tool_name":"web.http_fetch","reason":"egress to 169.254.169.254 denied","policy_name":"prod-agents","rule_label":"deny inside","request_id":"req_7c1e","token_name":"agent-key","egress_host":"169.254.169.254"}`,
  String.raw`{"id":3,"created_at":1795075222000,"verdict":"deny","surface":"egress","tool_name":"http_fetch","reason":"egress to [2001:db8::7]:8443 denied","policy_name":"prod-agents","request_id":"req_7c1f"}`,
  String.raw`{"id":4,"timestamp":"1795075223","verdict":"audit","surface":"egress","tool_name":"web.http_fetch","reason":"[shadow] would deny — egress to 10.0.0.8 denied","policy_name":"research-shadow","rule_label":"deny inside","request_id":"req_7c20","agent_run_id":"run_c3","egress_host":"10.0.0.8"}`,
  String.raw`{"id":5,"created_at":"2026-11-19T08:00:24Z","verdict":"audit","surface":"egress","tool_name":"web.http_fetch","reason":"egress to cdn.assets.example flagged","policy_name":"prod-agents","rule_label":"watch cdn","egress_host":"cdn.assets.example"}`,
  String.raw`{"id":6,"created_at":"2026-11-19T08:00:25Z","verdict":"observe","surface":"egress","tool_name":"http_fetch","reason":"no policy matched","request_id":"req_7c22","token_name":"lab-key","egress_host":"new.vendor.example","gap":true}`,
  String.raw`{"id":7,"created_at":"2026-11-19T08:00:26Z","verdict":"deny","surface":"egress","tool_name":"http_fetch","reason":"egress destination missing","policy_name":"prod-agents","egress_host":""}`,
  String.raw`{"id":8,"created_at":"2026-11-19T08:00:27Z","verdict":"allow","surface":"egress","tool_name":"http_fetch","reason":"egress allowed","egress_url":"https://API.OpenAI.com.:443/v1/models?key=x"}`,
  String.raw`{"id":9,"created_at":"2026-11-19T08:00:28Z","verdict":"deny","surface":"inbound","tool_name":"shell.exec","reason":"destructive shell command","policy_name":"prod-agents","rule_label":"tools"}`,
  String.raw`{"id":10,"created_at":"2026-11-19T08:00:29Z","verdict":"sanitize","surface":"response","tool_name":"notes.write","reason":"secret in arguments redacted","args_summary":"{\"text\":\"[REDACTED]\"}"}`,
  String.raw`{"id":11,"created_at":"2026-11-19T08:00:30Z","verdict":"audit","surface":"mcp","tool_name":"billing.refund","reason":"[shadow] would pending_approval — needs approval","policy_name":"research-shadow"}`,
  String.raw`{"id":12,"created_at":"2026-11-19T08:00:31Z","verdict":"deny","surface":"mcp","tool_name":"community.scrape","skill_name":"scraper","reason":"skill blocked","quarantine":true}`,
  String.raw`{"id":13,"created_at":"2026-11-19T08:00:32Z","verdict":"hold","surface":"egress","tool_name":"http_fetch","reason":"a verdict of tomorrow","egress_host":"later.example"}`,
];
