/** Lines to paste: they use this server's address and the new key, and do only what the key may do. */
import { t } from '$lib/text';

export const LANGUAGES = ['curl', 'node', 'python'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Example {
  server: string;
  key: string;
  /** What the key opens: nothing of the rooms, their list, or making one too. */
  reach: 'none' | 'list' | 'create';
}

const ROOMS = '/api/2.0/files/rooms';
const SELF = '/api/2.0/keys/@self';

export function example(language: Language, parts: Example): string {
  const lines = { curl, node, python }[language](parts, t('keys.example.room'));
  return lines.flat().join('\n');
}

type Lines = (string | string[])[];

function curl({ server, key, reach }: Example, title: string): Lines {
  const auth = `  -H "Authorization: Bearer ${key}"`;
  if (reach === 'none') return [`# ${t('keys.example.self')}`, `curl "${server}${SELF}" \\`, auth];
  const body = JSON.stringify({ title, roomType: 2 }).replaceAll("'", String.raw`'\''`);
  const create = [
    '',
    `# ${t('keys.example.create')}`,
    `curl "${server}${ROOMS}" \\`,
    `${auth} \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${body}'`,
  ];
  const list = [`# ${t('keys.example.list')}`, `curl "${server}${ROOMS}" \\`, auth];
  return [...list, reach === 'create' ? create : []];
}

function node({ server, key, reach }: Example, title: string): Lines {
  const self = [`// ${t('keys.example.self')}`, `console.log(await call('GET', '${SELF}'));`];
  const list = [
    `// ${t('keys.example.list')}`,
    `const { folders } = await call('GET', '${ROOMS}');`,
    'for (const room of folders) console.log(room.id, room.title);',
  ];
  const create = [
    '',
    `// ${t('keys.example.create')}`,
    `const made = await call('POST', '${ROOMS}', { title: ${JSON.stringify(title)}, roomType: 2 });`,
    'console.log(made.id, made.title);',
  ];
  return [
    `// ${t('keys.example.node')}`,
    `const server = '${server}';`,
    `const key = '${key}';`,
    '',
    'async function call(method, path, body) {',
    '  const reply = await fetch(server + path, {',
    '    method,',
    "    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },",
    '    body: body && JSON.stringify(body),',
    '  });',
    '  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);',
    '  return (await reply.json()).response;',
    '}',
    '',
    reach === 'none' ? self : list,
    reach === 'create' ? create : [],
  ];
}

function python({ server, key, reach }: Example, title: string): Lines {
  const self = [`# ${t('keys.example.self')}`, `print(call("GET", "${SELF}"))`];
  const list = [
    `# ${t('keys.example.list')}`,
    `for room in call("GET", "${ROOMS}")["folders"]:`,
    '    print(room["id"], room["title"])',
  ];
  const create = [
    '',
    `# ${t('keys.example.create')}`,
    `made = call("POST", "${ROOMS}", {"title": ${JSON.stringify(title)}, "roomType": 2})`,
    'print(made["id"], made["title"])',
  ];
  return [
    `# ${t('keys.example.python')}`,
    'import json',
    'from urllib.request import Request, urlopen',
    '',
    `server = "${server}"`,
    `key = "${key}"`,
    '',
    'def call(method, path, body=None):',
    '    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}',
    '    data = None if body is None else json.dumps(body).encode()',
    '    with urlopen(Request(server + path, data, headers, method=method)) as reply:',
    '        return json.load(reply)["response"]',
    '',
    reach === 'none' ? self : list,
    reach === 'create' ? create : [],
  ];
}
