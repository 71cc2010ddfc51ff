// Several people at once: chosen by pointer, by keys and by touch, and what may be done to all of them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findings, openWithAxe } from './axe.js';
import {
  browse,
  button,
  call,
  DESKTOP,
  dialog,
  face,
  install,
  open,
  PASSWORD,
  PHONE,
  signIn,
  text,
  toast,
  until,
  watch,
} from './harness.js';

const person = (page, name) => page.getByRole('row', { name, exact: true });
const box = (page, name) =>
  page.getByRole('checkbox', { name: text('people.select', { name }), exact: true });
const bar = (page) => page.getByRole('toolbar', { name: text('people.selection.actions') });
const count = (page, number) => bar(page).getByText(text('people.selection', { count: number }));
const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);
const offered = async (page) =>
  (await bar(page).getByRole('button').allTextContents()).map((words) => words.trim()).filter(Boolean);
const words = (...keys) => keys.map((key) => text(key));

/** Four users, a room administrator and an administrator. */
async function populate(url, key) {
  const types = {
    admin: 'DocSpaceAdmin',
    maker: 'RoomAdmin',
    ada: 'User',
    ben: 'User',
    cid: 'User',
    dora: 'User',
  };
  for (const [firstName, type] of Object.entries(types)) {
    const body = { email: `${firstName}@example.org`, firstName, lastName: 'Doe', password: PASSWORD, type };
    await call(url, key, 'POST', 'people', body);
  }
}

for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`several people at once on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    await populate(server.url, await installation.key());
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const choose = async (...names) => {
      for (const name of names) await box(page, name).click();
      await count(page, names.length).waitFor();
    };
    await signIn(page, server.url);
    await page.goto(`${server.url}/people`);
    await person(page, 'ada Doe').waitFor();

    await t.test('are invited again', async () => {
      await choose('ada Doe', 'ben Doe');
      await look('people, chosen');
      assert.deepEqual(
        await offered(page),
        words('people.type.change', 'people.inviteAgain', 'people.disable'),
      );
      const before = installation.letters('ben@example.org').length;
      await button(bar(page), 'people.inviteAgain').click();
      await toast(page, 'people.invitedAgain', { count: 2 }).waitFor();
      await until(() => installation.letters('ben@example.org').length > before, 'another letter');
      await bar(page).waitFor({ state: 'detached' });
      await until(
        () => page.evaluate(() => document.activeElement?.role === 'row'),
        'a row has the focus when the bar is gone',
      );
    });

    await t.test('get another type', async () => {
      await choose('ada Doe', 'ben Doe');
      await button(bar(page), 'people.type.change').click();
      const form = dialog(page, 'people.type.title', { count: 2 });
      await form.getByText('ada Doe, ben Doe').waitFor();
      await button(form, 'people.type.submit').click();
      await form.getByText(text('people.type.needed')).waitFor();
      await look('people, type of several');
      await form.getByText(text('people.type.RoomAdmin'), { exact: true }).click();
      await button(form, 'people.type.submit').click();
      const type = text('people.type.RoomAdmin');
      await toast(page, 'people.type.changed', { count: 2, type }).waitFor();
      await bar(page).waitFor({ state: 'detached' });
      for (const name of ['ada Doe', 'ben Doe'])
        await person(page, name)
          .getByText(new RegExp(`^${type}( ·)?$`))
          .filter({ visible: true })
          .waitFor();
    });

    await t.test('a change that is refused says so, and leaves them chosen', async () => {
      await page.route('**/api/2.0/people/type/*', (route) =>
        route.fulfill({ status: 403, json: { error: { message: 'Access denied' }, statusCode: 403 } }),
      );
      await choose('cid Doe', 'dora Doe');
      await button(bar(page), 'people.type.change').click();
      const form = dialog(page, 'people.type.title', { count: 2 });
      await form.getByText(text('people.type.RoomAdmin'), { exact: true }).click();
      await button(form, 'people.type.submit').click();
      await form.getByText(text('people.type.partly', { reason: 'Access denied' })).waitFor();
      await button(form, 'common.cancel').click();
      await form.waitFor({ state: 'detached' });
      await page.unroute('**/api/2.0/people/type/*');
      await count(page, 2).waitFor();
      await button(bar(page), 'common.selectNone').click();
      await bar(page).waitFor({ state: 'detached' });
      // The browser tells of the refusal.
      problems.splice(0, 1);
    });

    await t.test('are disabled, enabled, disabled and deleted', async () => {
      await choose('cid Doe', 'dora Doe');
      await button(bar(page), 'people.disable').click();
      await toast(page, 'people.disabled', { count: 2 }).waitFor();
      await person(page, 'dora Doe').getByText(text('people.state.disabled')).waitFor();
      await button(page, 'common.undo').click();
      await toast(page, 'people.enabled', { count: 2 }).waitFor();
      await person(page, 'dora Doe').getByText(text('people.state.disabled')).waitFor({ state: 'detached' });
      await choose('cid Doe', 'dora Doe');
      await button(bar(page), 'people.disable').click();
      await person(page, 'cid Doe').getByText(text('people.state.disabled')).waitFor();
      await choose('cid Doe', 'dora Doe');
      assert.deepEqual(await offered(page), words('people.enable', 'people.remove'));
      await button(bar(page), 'people.remove').click();
      const form = dialog(page, 'people.remove.title', { count: 2 });
      await button(form, 'people.remove').click();
      const word = text('people.remove.word', { count: 2 });
      await form.getByText(text('common.mismatch', { word })).waitFor();
      await look('people, deletion of several');
      await form.getByLabel(text('people.remove.type', { count: 2 })).fill(word);
      await button(form, 'people.remove').click();
      await toast(page, 'people.removed', { count: 2 }).waitFor();
      await person(page, 'dora Doe').waitFor({ state: 'detached' });
      await bar(page).waitFor({ state: 'detached' });
    });

    await t.test('what a reply leaves out is told', async () => {
      await page.route('**/api/2.0/people/status/*', async (route) => {
        const reply = await route.fetch();
        const json = await reply.json();
        json.response = json.response.filter(({ firstName }) => firstName !== 'ben');
        await route.fulfill({ response: reply, json });
      });
      await choose('ada Doe', 'ben Doe');
      await button(bar(page), 'people.disable').click();
      await toast(page, 'people.left', { names: 'ben Doe' }).waitFor();
      await toast(page, 'people.disabled', { count: 1, name: 'ada Doe' }).waitFor();
      await count(page, 1).waitFor();
      await page.unroute('**/api/2.0/people/status/*');
    });

    await t.test('another list begins with nobody chosen', async () => {
      const head = page.getByRole('columnheader', { name: text('people.column.who'), exact: true });
      await head.getByRole('button').click();
      await bar(page).waitFor({ state: 'detached' });
    });

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}

test('only what may be done to all of them is offered', async (t) => {
  const { installation, server } = await install(t);
  await populate(server.url, await installation.key());
  const page = await open(await browse(t));
  await signIn(page, server.url, 'admin@example.org');
  await page.goto(`${server.url}/people`);
  await person(page, 'ada Doe').waitFor();
  await box(page, 'ada Doe').click();
  await box(page, 'maker Doe').click();
  await count(page, 2).waitFor();
  assert.deepEqual(await offered(page), words('people.inviteAgain', 'people.disable'));
  await box(page, 'admin Doe').click();
  await bar(page).getByText(text('people.selection.nothing')).waitFor();
  assert.deepEqual(await offered(page), []);
  await person(page, 'ada Doe').press('Delete');
  await toast(page, 'people.selection.nothing').waitFor();
});

test('several people with pointer and keys', async (t) => {
  const { installation, server } = await install(t);
  await populate(server.url, await installation.key());
  const page = await open(await browse(t));
  const press = (keys) => page.keyboard.press(keys);
  await signIn(page, server.url);
  await page.goto(`${server.url}/people?q=doe`);
  await person(page, 'ada Doe').waitFor();

  await t.test('a press chooses one, with Shift a stretch, with Ctrl one more', async () => {
    await person(page, 'ada Doe').getByText('ada@example.org').click();
    await count(page, 1).waitFor();
    await person(page, 'cid Doe')
      .getByText('cid@example.org')
      .click({ modifiers: ['Shift'] });
    await count(page, 4).waitFor();
    await person(page, 'maker Doe')
      .getByText('maker@example.org')
      .click({ modifiers: ['Control'] });
    await count(page, 5).waitFor();
    await box(page, 'maker Doe').click();
    await count(page, 4).waitFor();
    assert.equal(await person(page, 'ben Doe').getAttribute('aria-selected'), 'true');
    assert.equal(await person(page, 'dora Doe').getAttribute('aria-selected'), 'false');
  });

  await t.test('keys do the same', async () => {
    await person(page, 'ada Doe').focus();
    await press('Escape');
    await bar(page).waitFor({ state: 'detached' });
    await press('Space');
    await count(page, 1).waitFor();
    await press('Shift+ArrowDown');
    await press('Shift+ArrowDown');
    await count(page, 3).waitFor();
    await press('x');
    await count(page, 2).waitFor();
    await press('Control+a');
    await count(page, 6).waitFor();
    await press('Escape');
    await bar(page).waitFor({ state: 'detached' });
    await until(() => isFocused(person(page, 'ben Doe')), 'the row keeps the focus');
  });

  await t.test('Delete is about all who are chosen', async () => {
    await press('Space');
    await press('Shift+ArrowDown');
    await count(page, 2).waitFor();
    await press('Delete');
    await toast(page, 'people.disabled', { count: 2 }).waitFor();
    await person(page, 'ben Doe').getByText(text('people.state.disabled')).waitFor();
    await person(page, 'cid Doe').getByText(text('people.state.disabled')).waitFor();
  });
});

test('everybody is chosen, however long the list', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  const invitations = Array.from({ length: 120 }, (_, at) => ({
    email: `guest${String(at).padStart(3, '0')}@example.org`,
    type: 'User',
  }));
  await call(server.url, key, 'POST', 'people/invite', { invitations });
  const page = await open(await browse(t));
  await signIn(page, server.url);
  await page.goto(`${server.url}/people`);
  await person(page, 'guest000@example.org').press('Control+a');
  await count(page, 121).waitFor();
  await bar(page).getByText(text('people.selection.nothing')).waitFor();
  await page.goto(`${server.url}/people?q=guest`);
  await person(page, 'guest000@example.org').press('Control+a');
  await count(page, 120).waitFor();
  await button(bar(page), 'people.disable').click();
  await toast(page, 'people.disabled', { count: 120 }).waitFor();
  const rest = await call(server.url, key, 'GET', 'people/status/Terminated?count=100&startIndex=100');
  assert.equal(rest.length, 20);
});

test('guests are chosen too', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  const body = { firstName: 'Gus', lastName: 'Doe', password: PASSWORD, type: 'Guest' };
  await call(server.url, key, 'POST', 'people/active', { ...body, email: 'gus@example.org' });
  const page = await open(await browse(t));
  await signIn(page, server.url);
  await page.goto(`${server.url}/people/guests`);
  await box(page, 'Gus Doe').click();
  await button(bar(page), 'people.type.change').click();
  const form = dialog(page, 'people.type.title', { count: 1, name: 'Gus Doe' });
  await form.getByText(text('people.type.User'), { exact: true }).click();
  await button(form, 'people.type.submit').click();
  await face(page, 'people.empty.guests').waitFor();
});
