// Takes the pictures in docs/screenshots: `npm run screenshots`. What they say of times is made up, and the same each time.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  browse,
  button,
  call,
  DESKTOP,
  dialog,
  EMAIL,
  Installation,
  open,
  PASSWORD,
  PHONE,
  ROOT,
  rowOf,
  signIn,
  signInByForm,
  text,
} from './harness.js';

const FOLDER = join(ROOT, 'docs/screenshots');
const HOUR = 3_600_000;
/** Title, type, colour, tags, hours since the last change. */
const ROOMS = [
  ['Contracts 2026', 2, '14766c', ['legal', '2026'], 0.2],
  ['Press kit', 6, 'af3d34', ['press'], 2],
  ['Due diligence', 8, '4860be', ['legal'], 5],
  ['Website relaunch', 2, '106eab', ['design', 'web'], 9],
  ['Annual report', 2, '53752a', ['finance'], 26],
  ['Job applications', 1, '974391', [], 30],
  ['Board meetings', 5, '686357', ['minutes'], 51],
  ['Product photos', 6, '985611', ['press', 'design'], 75],
  ['Budget 2027', 5, '267b4c', ['finance', '2027'], 99],
  ['Customer survey', 1, '7750b1', [], 146],
  ['House rules', 6, '0c7489', [], 200],
  ['Research notes', 2, '776a15', ['lab'], 320],
];
const ARCHIVED = [
  ['Contracts 2025', 2, '14766c', ['legal'], 2000],
  ['Summer party', 5, '985611', [], 3100],
];
const DESCRIPTION = 'Every contract that is in force, and the drafts of those to come.';
const MADE = 'my script';
/** The end of each key's text, hours since it was made and since it was used, and when it expires. */
const KEYS = {
  website: ['9f3c', 290, 1.2, '2027-06-30T12:00:00Z'],
  backup: ['41d7', 530, 7, null],
  import: ['b08e', 1200, 80, null],
};
/** Names, type, and hours since they came; the first of them are in the rooms. */
const PEOPLE = [
  ['Mara', 'Lind', 'DocSpaceAdmin', 5000],
  ['Jonas', 'Weber', 'RoomAdmin', 4100],
  ['Ana', 'Silva', 'RoomAdmin', 3300],
  ['Tomas', 'Novak', 'User', 2100],
  ['Ida', 'Berg', 'User', 900],
  ['Leo', 'Marin', 'User', 120],
];
const GROUPS = [
  ['Legal', 1, [1, 3]],
  ['Design', 2, [2, 4, 5]],
  ['Board', 0, [0, 1, 2]],
];
/** What stands where the secret would. */
const HIDDEN = `sk-${'•'.repeat(40)}`;

const hooks = [];
const after = { after: (hook) => hooks.unshift(hook) };
try {
  mkdirSync(FOLDER, { recursive: true });
  await takeAll();
} finally {
  for (const hook of hooks) await hook();
}

async function takeAll() {
  const installation = new Installation();
  after.after(() => installation.remove());
  // The usual port, where it is free: the lines on the page show it.
  const server = await installation.serve(8080).catch(() => installation.serve());
  const browser = await browse(after);
  const looks = ['light', 'dark'];
  for (const look of looks) await takeSetUp(browser, server, look);

  await installation.setUp();
  const key = await installation.key('import');
  const ages = new Map();
  for (const [title, roomType, color, tags, hours] of [...ROOMS, ...ARCHIVED].reverse()) {
    const room = {
      title,
      roomType,
      color,
      tags,
      description: title === 'Contracts 2026' ? DESCRIPTION : null,
    };
    const { id } = await call(server.url, key, 'POST', 'files/rooms', room);
    ages.set(id, hours * HOUR);
    if (hours >= 2000) await call(server.url, key, 'PUT', `files/rooms/${id}/archive`);
  }
  for (const [name, permissions, expiresInDays] of [
    ['backup', ['*:read']],
    ['website', ['rooms:read', 'files:read'], 90],
  ])
    await call(server.url, key, 'POST', 'keys', { name, permissions, expiresInDays });

  await populate(server.url, key, ages);

  for (const look of looks) {
    await takeInside(browser, server, look, ages);
    for (const made of await call(server.url, key, 'GET', 'keys'))
      if (made.name === MADE) await call(server.url, key, 'DELETE', `keys/${made.id}`);
  }
  await takeWaysIn(browser, installation, server, key, looks);
  const phone = await openDated(browser, server, { ...PHONE, colorScheme: 'light' }, ages);
  await phone.goto(`${server.url}/rooms`);
  await rowOf(phone, 'Press kit').waitFor();
  await shoot(phone, 'rooms-phone-light');
  await phone.goto(`${server.url}/people`);
  await phone.getByRole('row', { name: 'Ida Berg' }).waitFor();
  await shoot(phone, 'people-phone-light');
  await rowOfRoom(phone, server);
  await phone.getByRole('button', { name: text('members.show', { count: 5 }) }).tap();
  await phone.locator('[data-member]').first().waitFor();
  await shoot(phone, 'members-phone-light');
}

/** People, groups, and who of them is in the first room. */
async function populate(url, key, ages) {
  const ids = [];
  for (const [firstName, lastName, type, hours] of PEOPLE) {
    const email = `${firstName}.${lastName}@example.org`.toLowerCase();
    const { id } = await call(url, key, 'POST', 'people', {
      email,
      firstName,
      lastName,
      password: PASSWORD,
      type,
    });
    ids.push(id);
    ages.set(id, hours * HOUR);
  }
  const groups = [];
  for (const [groupName, manager, members] of GROUPS) {
    const body = { groupName, groupManager: ids[manager], members: members.map((at) => ids[at]) };
    groups.push((await call(url, key, 'POST', 'group', body)).id);
  }
  const { folders } = await call(url, key, 'GET', 'files/rooms?filterValue=Contracts%202026');
  const invitations = [
    { id: ids[1], access: 9 },
    { id: ids[3], access: 10 },
    { id: ids[4], access: 2 },
    { id: groups[0], access: 11 },
  ];
  await call(url, key, 'PUT', `files/rooms/${folders[0].id}/share`, { invitations });
}

async function rowOfRoom(page, server) {
  await page.goto(`${server.url}/rooms`);
  await rowOf(page, 'Contracts 2026').getByRole('link').click();
  await page.getByRole('heading', { name: 'Contracts 2026', exact: true }).waitFor();
}

/** Invitations, forgotten passwords and the second step, which ends every session when it is switched on. */
async function takeWaysIn(browser, installation, server, key, looks) {
  const guest = 'grace@example.org';
  const invitations = [{ email: guest, type: 'User' }];
  const link = await installation.linkFrom(guest, () =>
    call(server.url, key, 'POST', 'people/invite', { invitations }),
  );
  await call(server.url, key, 'PUT', 'settings/tfaapp', { type: 'App' });
  for (const look of looks) {
    const page = await open(browser, { ...DESKTOP, colorScheme: look });
    await page.goto(link);
    await page.getByLabel(text('profile.first')).fill('Grace');
    await page.getByLabel(text('setup.password'), { exact: true }).fill('correct');
    await shoot(page, `invitation-${look}`);
    await page.goto(`${server.url}/sign-in?forgotten`);
    await page.getByLabel(text('signIn.email')).fill(EMAIL);
    await shoot(page, `forgotten-password-${look}`);
    await page.goto(`${server.url}/sign-in`);
    await signInByForm(page);
    await page.getByLabel(text('factor.code'), { exact: true }).waitFor();
    await shoot(page, `second-step-${look}`);
    await page.context().close();
  }
  await call(server.url, key, 'PUT', 'settings/tfaapp', { type: 'None' });
}

async function takeSetUp(browser, server, look) {
  const page = await open(browser, { ...DESKTOP, colorScheme: look });
  await page.goto(server.setup);
  await page.getByLabel(text('setup.email')).fill(EMAIL);
  await page.getByLabel(text('setup.password'), { exact: true }).fill('correct');
  await shoot(page, `setup-${look}`);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel(text('signIn.email')).fill(EMAIL);
  await shoot(page, `sign-in-${look}`);
  await page.context().close();
}

async function takeInside(browser, server, look, ages) {
  const page = await openDated(browser, server, { ...DESKTOP, colorScheme: look }, ages);
  const visit = (path) => page.goto(server.url + path);
  const take = (name) => shoot(page, `${name}-${look}`);
  const leave = async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  await visit('/rooms');
  await rowOf(page, 'Press kit').waitFor();
  await take('rooms');
  await page.keyboard.press('Control+k');
  await dialog(page, 'palette.title').getByRole('combobox').fill('r');
  await page.getByRole('option', { name: 'Press kit' }).waitFor();
  await take('palette');
  await leave();
  await page.keyboard.press('?');
  await dialog(page, 'help.title').waitFor();
  await take('help');
  await leave();
  await button(page, 'rooms.new').click();
  const form = dialog(page, 'rooms.new');
  await form.getByLabel(text('rooms.form.title')).fill('Trade fair');
  await form.getByLabel(text('rooms.colour.blue')).check({ force: true });
  await take('create');
  await visit('/rooms?view=tiles');
  await rowOf(page, 'Press kit').waitFor();
  await take('rooms-tiles');
  await rowOf(page, 'Contracts 2026').getByRole('link').click();
  await page.getByRole('heading', { name: 'Contracts 2026', exact: true }).waitFor();
  await page.locator('[data-member]').nth(4).waitFor();
  await take('room');
  await button(page, 'members.invite').click();
  const invitation = dialog(page, 'members.invite.title', { title: 'Contracts 2026' });
  await invitation.getByRole('combobox', { name: text('members.form.who') }).fill('a');
  await invitation.getByRole('option').first().waitFor();
  await take('members-invite');
  await visit('/people');
  await page.getByRole('row', { name: 'Ida Berg' }).waitFor();
  await take('people');
  for (const name of ['Ida Berg', 'Leo Marin', 'Tomas Novak'])
    await page.getByRole('checkbox', { name: text('people.select', { name }) }).click();
  await take('people-chosen');
  await button(page, 'common.selectNone').click();
  await button(page, 'people.invite.short').click();
  await dialog(page, 'people.invite').waitFor();
  await take('people-invite');
  await visit('/people/groups');
  await page.getByRole('row', { name: 'Legal' }).waitFor();
  await take('groups');
  await page.getByRole('row', { name: 'Design' }).getByRole('link').click();
  await page.getByRole('row', { name: 'Ida Berg' }).waitFor();
  await take('group');
  await visit('/archive');
  await rowOf(page, 'Summer party').waitFor();
  await take('archive');
  await visit('/profile');
  await page.getByLabel(text('profile.first')).waitFor();
  await take('profile');
  await visit('/profile/security');
  await button(page, 'profile.password.send').waitFor();
  await page.getByText(text('profile.factor.off')).waitFor();
  await take('profile-security');
  await visit('/profile/sessions');
  await page.getByText(text('profile.sessions.this')).waitFor();
  await take('profile-sessions');
  await visit('/profile/looks');
  await page.getByRole('switch').waitFor();
  await take('profile-looks');
  await visit('/settings');
  await page.getByLabel(text('settings.place.zone'), { exact: true }).waitFor();
  await take('settings');
  await visit('/settings/security');
  await page.getByLabel(text('settings.attempts.blockTime')).waitFor();
  await take('settings-security');
  await visit('/developer/keys');
  await page.getByText('website', { exact: true }).waitFor();
  await take('keys');
  await button(page, 'keys.new').click();
  await dialog(page, 'keys.new').getByLabel(text('keys.form.name')).fill(MADE);
  await button(page, 'keys.create').click();
  await button(dialog(page, 'keys.shown.title', { name: MADE }), 'keys.shown.copy').waitFor();
  await take('key-made');
  await page.context().close();
}

/** A signed-in page on which dates are as told, and keys are hidden. */
async function openDated(browser, server, options, ages) {
  const page = await open(browser, { ...options, deviceScaleFactor: 1 });
  await signIn(page, server.url);
  const alter = (pattern, change) =>
    page.route(pattern, async (route) => {
      const reply = await route.fetch();
      const json = await reply.json();
      change(json.response, route.request().method());
      await route.fulfill({ response: reply, json });
    });
  const date = (room) => {
    if (!ages.has(room.id)) return;
    room.updated = new Date(Date.now() - ages.get(room.id)).toISOString();
    room.created = new Date(Date.now() - ages.get(room.id) - 400 * HOUR).toISOString();
  };
  await alter(/\/api\/2\.0\/files\/rooms(\?|$)/, ({ folders }) => folders?.forEach(date));
  await alter(/\/api\/2\.0\/files\/rooms\/\d+$/, date);
  await alter(/\/api\/2\.0\/people\/filter/, (people) =>
    people.forEach((person) => {
      const age = ages.get(person.id) ?? 6000 * HOUR;
      person.registrationDate = new Date(Date.now() - age).toISOString();
    }),
  );
  await alter('**/api/2.0/people/@self', (person) => (person.registrationDate = '2026-01-05T09:00:00Z'));
  await alter('**/api/2.0/security/activeconnections', ({ items }) => items.forEach(place));
  await alter(/\/api\/2\.0\/keys$/, (answer, method) => {
    if (method === 'POST') answer.key = HIDDEN;
    else answer.forEach(remake);
  });
  return page;
}

/** Sessions are from somewhere, and from some day. */
function place(session, at) {
  session.ip = `192.0.2.${17 + at}`;
  session.date = new Date(Date.now() - at * 31 * HOUR).toISOString();
}

/** A key's masked text and dates as told. */
function remake(key) {
  if (!KEYS[key.name]) return;
  const before = (hours) => new Date(Date.now() - hours * HOUR).toISOString();
  const [end, made, used, expiresAt] = KEYS[key.name];
  Object.assign(key, { key: `sk-***${end}`, createOn: before(made), lastUsed: before(used), expiresAt });
}

async function shoot(page, name) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((motion) => motion.finished)));
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
  console.log(`${name}.png`);
}
