// People, groups and the members of rooms: what an owner does with them, what others may, with keys alone, and within
// reach on a desktop and a phone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import typescript from 'typescript';
import { findings, openWithAxe } from './axe.js';
import {
  browse,
  button,
  call,
  clipboard,
  DESKTOP,
  dialog,
  face,
  install,
  open,
  PASSWORD,
  PHONE,
  ROOT,
  signIn,
  text,
  toast,
  until,
  watch,
} from './harness.js';

/** What the owner is called who was made on the command line. */
const OWNER = 'Administrator';
const TYPES = { admin: 'DocSpaceAdmin', maker: 'RoomAdmin', user: 'User' };

/** Accounts to work with, as an owner's script makes them. */
async function populate(url, key) {
  const people = {};
  for (const [name, type] of Object.entries(TYPES)) {
    const body = { email: `${name}@example.org`, firstName: name, lastName: 'Doe', password: PASSWORD, type };
    people[name] = await call(url, key, 'POST', 'people', body);
  }
  return people;
}

const grid = (page, key) => page.getByRole('grid', { name: text(key), exact: true });
const person = (page, name) => page.getByRole('row', { name, exact: true });
const item = (page, key) => page.getByRole('menuitem', { name: text(key) });
const member = (page, name) => page.locator('[data-member]').filter({ hasText: name });
const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

async function pick(scope, key, name) {
  const field = scope.getByRole('combobox', { name: text(key) });
  await field.fill(name);
  await scope.getByRole('option', { name }).first().click();
  await scope.getByRole('button', { name: text('picker.remove', { name }) }).waitFor();
}

for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`people are invited, changed and deleted on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    await populate(server.url, key);
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const choose = async (name, entry) => {
      await button(person(page, name), 'people.menu', { name }).click();
      await item(page, entry).click();
    };
    // The type stands in a column of its own, or on phones beside the address.
    const typeOf = (name, type) =>
      person(page, name)
        .getByText(new RegExp(`^${text(type)}( ·)?$`))
        .filter({ visible: true });
    await signIn(page, server.url);
    await page.goto(`${server.url}/people`);
    await person(page, 'user Doe').waitFor();
    await look('people');

    await t.test('several are invited at once', async () => {
      await button(page, 'people.invite.short').click();
      const form = dialog(page, 'people.invite');
      await button(form, 'people.invite.send').click();
      await form.getByText(text('people.form.emails.needed')).waitFor();
      await form.getByLabel(text('people.form.emails'), { exact: true }).fill('ann@example.org, nobody');
      await button(form, 'people.invite.send').click();
      await form.getByText(text('people.form.emails.wrong', { count: 1, emails: 'nobody' })).waitFor();
      await look('people, invitation');
      await form
        .getByLabel(text('people.form.emails'), { exact: true })
        .fill('ann@example.org, ben@example.org');
      await button(form, 'people.invite.send').click();
      await toast(page, 'people.invited', { count: 2 }).waitFor();
      await person(page, 'ann@example.org').getByText(text('people.state.pending')).waitFor();
      await person(page, 'ben@example.org').waitFor();
    });

    await t.test('a link is made, copied and deleted', async () => {
      await button(page, 'people.invite.short').click();
      const form = dialog(page, 'people.invite');
      await form.getByText(text('people.invite.link'), { exact: true }).click();
      await form.getByLabel(text('people.link.uses')).fill('5');
      await button(form, 'people.link.make').click();
      const link = await form.getByRole('textbox', { name: text('people.link'), exact: true }).inputValue();
      assert.match(link, /^http.*\/s\//);
      await look('people, link');
      await button(form, 'people.link.copy').click();
      await until(async () => (await clipboard(page)) === link, 'the link in the clipboard');
      await button(form, 'people.link.change').click();
      const uses = form.getByLabel(text('people.link.uses'));
      await until(
        () => isFocused(form.getByLabel(text('people.link.lifetime'))),
        'the first field of the limits has the focus',
      );
      assert.equal(await uses.inputValue(), '5');
      await uses.fill('1001');
      await button(form, 'people.link.save').click();
      await form.getByText(text('people.link.uses.wrong', { most: 1000 })).waitFor();
      await look('people, link, limits');
      await uses.fill('12');
      await form.getByLabel(text('people.link.lifetime')).selectOption('');
      await button(form, 'people.link.save').click();
      await form.getByText(text('people.link.used.of', { count: 0, most: 12 })).waitFor();
      await form.getByText(text('people.link.never')).waitFor();
      assert.equal(
        await form.getByRole('textbox', { name: text('people.link'), exact: true }).inputValue(),
        link,
        'it stays the same link',
      );
      await button(form, 'people.link.remove').click();
      await button(form, 'people.link.make').waitFor();
      await page.keyboard.press('Escape');
      await form.waitFor({ state: 'detached' });
    });

    await t.test('a type is changed, up at once and down by the server', async () => {
      await choose('user Doe', 'people.type.change');
      let form = dialog(page, 'people.type.title', { count: 1, name: 'user Doe' });
      await form.getByText(text('people.type.RoomAdmin'), { exact: true }).click();
      await look('people, type');
      await button(form, 'people.type.submit').click();
      await form.waitFor({ state: 'detached' });
      await typeOf('user Doe', 'people.type.RoomAdmin').waitFor();
      await until(() => isFocused(person(page, 'user Doe')), 'the row has the focus again');
      await choose('user Doe', 'people.type.change');
      form = dialog(page, 'people.type.title', { count: 1, name: 'user Doe' });
      await form.getByText(text('people.type.User'), { exact: true }).click();
      await button(form, 'people.type.submit').click();
      await form.waitFor({ state: 'detached' });
      await typeOf('user Doe', 'people.type.User').waitFor();
    });

    await t.test('somebody is disabled, enabled, disabled and deleted', async () => {
      await choose('maker Doe', 'people.disable');
      await toast(page, 'people.disabled', { count: 1, name: 'maker Doe' }).waitFor();
      await person(page, 'maker Doe').getByText(text('people.state.disabled')).waitFor();
      await button(page, 'common.undo').click();
      await toast(page, 'people.enabled', { count: 1, name: 'maker Doe' }).waitFor();
      await person(page, 'maker Doe').getByText(text('people.state.disabled')).waitFor({ state: 'detached' });
      await choose('maker Doe', 'people.disable');
      await person(page, 'maker Doe').getByText(text('people.state.disabled')).waitFor();
      await choose('maker Doe', 'people.remove');
      const form = dialog(page, 'people.remove.title', { count: 1, name: 'maker Doe' });
      await button(form, 'people.remove').click();
      await form.getByText(text('common.mismatch', { word: 'maker@example.org' })).waitFor();
      await look('people, deletion');
      await form.getByLabel(text('people.remove.type', { count: 1 })).fill('maker@example.org');
      await button(form, 'people.remove').click();
      await toast(page, 'people.removed', { count: 1, name: 'maker Doe' }).waitFor();
      await person(page, 'maker Doe').waitFor({ state: 'detached' });
      await until(
        () => page.evaluate(() => document.activeElement?.role === 'row'),
        'a row has the focus after the deletion',
      );
    });

    await t.test('the list is searched, filtered and sorted, and the address keeps it', async () => {
      await page.getByLabel(text('people.search.people')).fill('ann');
      await page.waitForURL('**/people?q=ann');
      await person(page, 'user Doe').waitFor({ state: 'detached' });
      await page.getByLabel(text('people.search.people')).fill('nowhere');
      await face(page, 'people.nothing.people').waitFor();
      await look('people, nothing');
      await button(page, 'people.nothing.clear').click();
      await person(page, 'user Doe').waitFor();
      await page.getByLabel(text('people.state.filter')).selectOption('pending');
      await person(page, 'user Doe').waitFor({ state: 'detached' });
      await page.reload();
      await person(page, 'ben@example.org').waitFor();
      await page.goto(`${server.url}/accounts/people/filter?search=user%40example.org`);
      await page.waitForURL('**/people?q=user%40example.org');
      await person(page, 'user Doe').waitFor();
    });

    await t.test('a group is made with members, renamed, emptied and deleted', async () => {
      await page.goto(`${server.url}/people/groups`);
      await face(page, 'groups.empty').waitFor();
      await look('groups, empty');
      await button(page, 'groups.new').first().click();
      const form = dialog(page, 'groups.new');
      await button(form, 'groups.make').click();
      await form.getByText(text('groups.form.name.needed')).waitFor();
      await form.getByLabel(text('groups.form.name'), { exact: true }).fill('Lawyers');
      await pick(form, 'groups.form.manager', 'admin Doe');
      await pick(form, 'groups.form.members', 'user Doe');
      await look('groups, new');
      await button(form, 'groups.make').click();
      await page.waitForURL(/\/people\/groups\/[\da-f-]{36}$/);
      await person(page, 'admin Doe').getByText(text('groups.column.manager'), { exact: true }).waitFor();
      await person(page, 'user Doe').waitFor();
      await look('group');
      await choose('user Doe', 'groups.manage');
      await toast(page, 'groups.managed', { person: 'user Doe', name: 'Lawyers' }).waitFor();
      await choose('admin Doe', 'groups.takeOut');
      await person(page, 'admin Doe').waitFor({ state: 'detached' });
      await button(page, 'groups.add').click();
      const add = dialog(page, 'groups.add.title', { name: 'Lawyers' });
      await pick(add, 'groups.form.members', 'admin Doe');
      await button(add, 'groups.add').click();
      await person(page, 'admin Doe').waitFor();
      await page.locator('.back').getByRole('link').click();
      await person(page, 'Lawyers').waitFor();
      await look('groups');
      await choose('Lawyers', 'groups.edit');
      const edit = dialog(page, 'groups.edit.title');
      await edit.getByLabel(text('groups.form.name'), { exact: true }).fill('Advocates');
      await button(edit, 'groups.save').click();
      await person(page, 'Advocates').waitFor();
      await choose('Advocates', 'groups.remove');
      const remove = dialog(page, 'groups.remove.title', { name: 'Advocates' });
      await remove.getByLabel(text('groups.remove.type')).fill('advocates');
      await button(remove, 'groups.remove').click();
      await face(page, 'groups.empty').waitFor();
    });

    await t.test('there are no guests yet', async () => {
      await page.goto(`${server.url}/people/guests`);
      await face(page, 'people.empty.guests').waitFor();
      await look('guests, empty');
    });

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });

  test(`a room is shared, handed over and left on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const people = await populate(server.url, key);
    const group = { groupName: 'Lawyers', members: [people.user.id] };
    await call(server.url, key, 'POST', 'group', group);
    const room = await call(server.url, key, 'POST', 'files/rooms', { title: 'Alder', roomType: 2 });
    const browser = await browse(t);
    const page = await openWithAxe(browser, options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const roleOf = (name, role) => button(member(page, name), 'members.menu', { name, role: text(role) });
    const showMembers = async (count) => {
      if (options.hasTouch) await button(page, 'members.show', { count }).click();
    };
    await signIn(page, server.url);
    await page.goto(`${server.url}/rooms/${room.id}`);
    await button(page, 'members.show', { count: 1 }).waitFor();
    await showMembers(1);
    await look('room, members');

    await t.test('with a person, a group and an address that is new', async () => {
      await button(page, 'members.invite').click();
      const form = dialog(page, 'members.invite.title', { title: 'Alder' });
      await button(form, 'members.send').click();
      await form.getByText(text('members.form.needed')).waitFor();
      await pick(form, 'members.form.who', 'user Doe');
      await pick(form, 'members.form.who', 'Lawyers');
      await pick(form, 'members.form.who', 'cara@example.org');
      assert.deepEqual(
        await form.getByLabel(text('members.form.role')).locator('option').allTextContents(),
        ['members.role.creator', 'members.role.editor', 'members.role.viewer'].map((role) => text(role)),
        'nobody of them may manage rooms',
      );
      await look('room, invitation');
      await button(form, 'members.send').click();
      await form.waitFor({ state: 'detached' });
      await roleOf('user Doe', 'members.role.viewer').waitFor();
      await roleOf('Lawyers', 'members.role.viewer').waitFor();
      await roleOf('cara@example.org', 'members.role.viewer').waitFor();
    });

    await t.test('a role is changed, and somebody is removed and put back', async () => {
      await roleOf('Lawyers', 'members.role.viewer').click();
      await look('room, role');
      await item(page, 'members.role.editor').click();
      await roleOf('Lawyers', 'members.role.editor').waitFor();
      await until(() => isFocused(roleOf('Lawyers', 'members.role.editor')), 'the role has the focus again');
      await roleOf('cara@example.org', 'members.role.viewer').click();
      await item(page, 'members.remove').click();
      await member(page, 'cara@example.org').waitFor({ state: 'detached' });
      await until(
        () => page.evaluate(() => document.activeElement !== document.body),
        'the focus is somewhere',
      );
      await button(page, 'common.undo').click();
      await roleOf('cara@example.org', 'members.role.viewer').waitFor();
    });

    await t.test('it gets another owner, and the one before leaves it', async () => {
      await roleOf(OWNER, 'members.role.owner').click();
      await item(page, 'members.owner.change').click();
      const form = dialog(page, 'members.owner.change');
      await pick(form, 'members.owner.new', 'maker Doe');
      await look('room, owner');
      await button(form, 'members.owner.submit').click();
      await form.waitFor({ state: 'detached' });
      await roleOf('maker Doe', 'members.role.owner').waitFor();
      await roleOf(OWNER, 'members.role.manager').waitFor();
      await button(page, 'members.leave').click();
      const leave = dialog(page, 'members.leave.title', { title: 'Alder' });
      await look('room, leave');
      await button(leave, 'members.leave').click();
      await page.waitForURL('**/rooms');
      await toast(page, 'members.left', { title: 'Alder' }).waitFor();
    });

    await t.test('a member who is a user sees who is there, and no more', async () => {
      const other = await open(browser, options);
      await signIn(other, server.url, 'user@example.org');
      await other.goto(`${server.url}/rooms/${room.id}`);
      await other.getByRole('heading', { name: 'Alder', exact: true }).waitFor();
      if (options.hasTouch) await other.getByRole('button', { name: /^\d+ members?$/ }).click();
      await member(other, 'user Doe').waitFor();
      assert.equal(await button(other, 'members.invite').count(), 0, 'no invitation');
      await button(other, 'members.leave').click();
      const leave = dialog(other, 'members.leave.title', { title: 'Alder' });
      await button(leave, 'members.leave').click();
      await other.waitForURL('**/rooms');
      await other.context().close();
    });

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}

test('who may do what', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await populate(server.url, key);
  const browser = await browse(t);

  await t.test('a user is told that people are not open to them', async () => {
    const page = await openWithAxe(browser);
    await signIn(page, server.url, 'user@example.org');
    for (const path of ['/people', '/people/guests', '/people/groups', '/people/groups/none']) {
      await page.goto(server.url + path);
      await face(page, 'people.denied').waitFor();
    }
    assert.deepEqual(await findings(page, 'people, denied'), []);
    const places = page.getByRole('navigation', { name: text('shell.places') });
    assert.equal(await places.getByRole('link', { name: text('shell.people'), exact: true }).count(), 0);
    await page.context().close();
  });

  await t.test('a room administrator looks, and invites users alone', async () => {
    const page = await open(browser);
    await signIn(page, server.url, 'maker@example.org');
    await page.goto(`${server.url}/rooms`);
    await page.getByRole('link', { name: text('shell.people'), exact: true }).click();
    await person(page, 'admin Doe').waitFor();
    await button(person(page, 'admin Doe'), 'people.menu', { name: 'admin Doe' }).click();
    const offered = await page.getByRole('menuitem').allInnerTexts();
    assert.deepEqual(
      offered.map((words) => words.trim()),
      [text('people.email.copy'), text('people.id.copy')],
    );
    await page.keyboard.press('Escape');
    await button(page, 'people.invite.short').click();
    const types = dialog(page, 'people.invite').getByLabel(text('people.form.type')).locator('option');
    assert.deepEqual(await types.allTextContents(), [text('people.type.User')]);
    await page.goto(`${server.url}/people/groups`);
    await face(page, 'groups.empty').waitFor();
    assert.equal(await button(page, 'groups.new').count(), 0);
    await page.context().close();
  });
});

test('people with keys alone', async (t) => {
  const { installation, server } = await install(t);
  await populate(server.url, await installation.key());
  const page = await open(await browse(t));
  await signIn(page, server.url);
  await page.goto(`${server.url}/rooms`);
  await face(page, 'rooms.empty').waitFor();
  const press = (keys) => page.keyboard.press(keys);
  await press('g');
  await press('p');
  await person(page, 'user Doe').waitFor();
  await press('/');
  await page.keyboard.type('doe');
  await page.waitForURL('**/people?q=doe');
  await press('ArrowDown');
  await until(() => isFocused(person(page, 'admin Doe')), 'the first row has the focus');
  await press('j');
  await until(() => isFocused(person(page, 'maker Doe')), 'the second row has the focus');
  await press('End');
  await until(() => isFocused(person(page, 'user Doe')), 'the last row has the focus');
  await press('.');
  await item(page, 'people.disable').waitFor();
  await press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await until(() => isFocused(person(page, 'user Doe')), 'the row has the focus again');
  await press('n');
  const form = dialog(page, 'people.invite');
  await until(
    () => isFocused(form.getByLabel(text('people.form.emails'), { exact: true })),
    'the field has the focus',
  );
  await press('Escape');
  await form.waitFor({ state: 'detached' });
  await until(() => isFocused(person(page, 'user Doe')), 'the row has the focus after the dialog');
  await press('Delete');
  await person(page, 'user Doe').getByText(text('people.state.disabled')).waitFor();
  await page.goto(`${server.url}/people/groups`);
  await face(page, 'groups.empty').waitFor();
  await press('n');
  const group = dialog(page, 'groups.new');
  await until(
    () => isFocused(group.getByLabel(text('groups.form.name'), { exact: true })),
    'the name has the focus',
  );
  await page.keyboard.type('Lawyers');
  await press('Tab');
  await page.keyboard.type('maker');
  await group.getByRole('option', { name: 'maker Doe' }).waitFor();
  await press('Escape');
  await group.getByRole('option', { name: 'maker Doe' }).waitFor({ state: 'hidden' });
  await press('ArrowDown');
  await group.getByRole('option', { name: 'maker Doe' }).waitFor();
  await press('Enter');
  await button(group, 'picker.remove', { name: 'maker Doe' }).waitFor();
  await press('Enter');
  await page.waitForURL(/\/people\/groups\/[\da-f-]{36}$/);
  await person(page, 'maker Doe').waitFor();
});

test('the rules of who may do what', async () => {
  const rights = await pure('ui/src/lib/features/people/rights.ts');
  const account = (id, type, more = {}) => ({
    id,
    isOwner: type === 'Owner',
    isAdmin: type === 'DocSpaceAdmin',
    isRoomAdmin: type === 'RoomAdmin',
    isCollaborator: type === 'User',
    isVisitor: type === 'Guest',
    isLDAP: false,
    isSSO: false,
    status: 1,
    activationStatus: 1,
    ...more,
  });
  const ranks = ['Owner', 'DocSpaceAdmin', 'RoomAdmin', 'User', 'Guest'];
  const callers = ranks.map((type) => account('me', type));
  const table = (verb, target) => callers.map((me) => Number(verb(me, target)));
  assert.deepEqual(
    callers.map((me) => rights.invitableTypes(me).length),
    [3, 2, 1, 0, 0],
  );
  const types = (target) =>
    callers.map((me) => rights.newTypes(me, target).map(({ type, way }) => `${way} ${type}`));
  assert.deepEqual(types(account('you', 'Owner')), [[], [], [], [], []]);
  assert.deepEqual(types(account('you', 'DocSpaceAdmin')), [
    ['raise RoomAdmin', 'lower User', 'lower Guest'],
    [],
    [],
    [],
    [],
  ]);
  assert.deepEqual(types(account('you', 'RoomAdmin')), [
    ['raise DocSpaceAdmin', 'lower User', 'lower Guest'],
    ['lower User', 'lower Guest'],
    [],
    [],
    [],
  ]);
  assert.deepEqual(types(account('you', 'User')), [
    ['raise DocSpaceAdmin', 'raise RoomAdmin', 'lower Guest'],
    ['raise RoomAdmin', 'lower Guest'],
    [],
    [],
    [],
  ]);
  assert.deepEqual(types(account('you', 'Guest')), [
    ['raise DocSpaceAdmin', 'raise RoomAdmin', 'raise User'],
    ['raise RoomAdmin', 'raise User'],
    ['raise User'],
    [],
    [],
  ]);
  assert.deepEqual(types(account('you', 'User', { status: 2 })), [[], [], [], [], []]);
  assert.deepEqual(types(account('me', 'User')), [[], [], [], [], []]);
  const disabled = { status: 2 };
  for (const [type, expected] of Object.entries({
    Owner: [0, 0, 0, 0, 0],
    DocSpaceAdmin: [1, 0, 0, 0, 0],
    RoomAdmin: [1, 1, 0, 0, 0],
    User: [1, 1, 0, 0, 0],
    Guest: [1, 1, 0, 0, 0],
  })) {
    const you = account('you', type);
    assert.deepEqual(table(rights.mayDisable, you), expected, `disable ${type}`);
    assert.deepEqual(table(rights.mayDelete, account('you', type, disabled)), expected, `delete ${type}`);
    assert.deepEqual(table(rights.maySendPassword, you), expected, `password of ${type}`);
    assert.deepEqual(table(rights.mayDelete, you), [0, 0, 0, 0, 0], `delete ${type}, who is active`);
    assert.deepEqual(table(rights.mayDisable, account('me', type)), [0, 0, 0, 0, 0], 'oneself');
  }
  const together = (...people) =>
    callers.map((me) => rights.newTypesOf(me, people).map(({ type, way }) => `${way} ${type}`));
  assert.deepEqual(together(account('you', 'User'), account('they', 'Guest')), [
    ['raise DocSpaceAdmin', 'raise RoomAdmin'],
    ['raise RoomAdmin'],
    [],
    [],
    [],
  ]);
  assert.deepEqual(together(account('you', 'DocSpaceAdmin'), account('they', 'User'))[0], [
    'raise RoomAdmin',
  ]);
  assert.deepEqual(together(account('you', 'User'), account('they', 'Owner')), [[], [], [], [], []]);
  assert.deepEqual(together(account('you', 'User')), types(account('you', 'User')));
  assert.deepEqual(together(), [[], [], [], [], []]);
  const all = (...people) => callers.map((me) => Number(rights.mayAll(rights.mayDisable, me, people)));
  assert.deepEqual(all(account('you', 'User'), account('they', 'Guest')), [1, 1, 0, 0, 0]);
  assert.deepEqual(all(account('you', 'User'), account('they', 'DocSpaceAdmin')), [1, 0, 0, 0, 0]);
  assert.deepEqual(all(account('you', 'User'), account('me', 'User')), [0, 0, 0, 0, 0]);
  assert.deepEqual(all(), [0, 0, 0, 0, 0]);
  const pending = { status: 4, activationStatus: 2 };
  assert.deepEqual(table(rights.mayInviteAgain, account('you', 'User', pending)), [1, 1, 1, 0, 0]);
  assert.deepEqual(table(rights.mayInviteAgain, account('you', 'RoomAdmin', pending)), [1, 1, 0, 0, 0]);
  assert.deepEqual(table(rights.mayInviteAgain, account('you', 'DocSpaceAdmin', pending)), [1, 0, 0, 0, 0]);
  assert.deepEqual(table(rights.mayInviteAgain, account('you', 'User')), [0, 0, 0, 0, 0]);

  const roles = await pure('ui/src/lib/features/members/roles.ts');
  assert.deepEqual(roles.rolesFor({ roomType: 2 }, 'RoomAdmin'), [9, 11, 10, 2]);
  assert.deepEqual(roles.rolesForAll({ roomType: 5 }, ['RoomAdmin', 'Group']), [11, 10, 5, 6, 2]);
  assert.deepEqual(roles.rolesFor({ roomType: 6 }, 'New'), [11]);
  assert.deepEqual(roles.rolesFor({ roomType: 8 }, 'User'), [11, 10, 7, 2]);
});

/** A module of the page that stands by itself. */
async function pure(path) {
  const source = readFileSync(join(ROOT, path), 'utf8');
  const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2022 };
  const script = typescript.transpileModule(source, { compilerOptions }).outputText;
  return import(`data:text/javascript,${encodeURIComponent(script)}`);
}
