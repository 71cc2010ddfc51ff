// The portal's settings: what an administrator changes, what the server says against it, and who sees them at all.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findings, openWithAxe } from './axe.js';
import {
  browse,
  button,
  call,
  DESKTOP,
  dialog,
  EMAIL,
  face,
  install,
  open,
  PASSWORD,
  PHONE,
  signIn,
  signInByForm,
  text,
  toast,
  until,
  watch,
} from './harness.js';

const section = (page, key) => page.getByRole('region', { name: text(key), exact: true });
const field = (scope, key) => scope.getByLabel(text(key), { exact: true });
const flip = (scope, key) => scope.getByRole('switch', { name: text(key) });
const save = (scope) => button(scope, 'settings.save').click();

/** Waits until it is said, and sends the words away: they lie over the fields of a phone. */
async function saved(page, key) {
  await toast(page, 'settings.saved', { what: text(key) })
    .last()
    .waitFor();
  await dismissAll(page);
}

async function dismissAll(page) {
  const dismiss = button(page, 'common.dismiss');
  while (await dismiss.count()) await dismiss.first().click();
}

const isFocused = (locator) => locator.evaluate((element) => element === document.activeElement);

for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`the settings on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const ask = (path) => call(server.url, key, 'GET', `settings/${path}`);
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    await signIn(page, server.url);
    await page.goto(`${server.url}/rooms`);
    await face(page, 'rooms.empty').waitFor();

    await t.test('are a place of the rail', async () => {
      const places = page.getByRole('navigation', { name: text('shell.places') });
      await places.getByRole('link', { name: text('shell.settings'), exact: true }).click();
      await page.waitForURL(`${server.url}/settings`);
    });

    await t.test('the title changes, and goes back', async () => {
      const title = section(page, 'settings.title.portal');
      await field(title, 'settings.title.field').waitFor();
      await look('settings, general');
      await field(title, 'settings.title.field').fill(' ');
      await save(title);
      await title.getByText(text('settings.title.needed')).waitFor();
      await until(() => isFocused(field(title, 'settings.title.field')), 'the field has the focus');
      await field(title, 'settings.title.field').fill('Harbour office');
      await save(title);
      await saved(page, 'settings.title.portal');
      assert.equal(await ask('greetingsettings'), 'Harbour office');
      await button(title, 'settings.defaults').click();
      await button(title, 'settings.defaults').waitFor({ state: 'detached' });
      assert.equal(await ask('greetingsettings/isdefault'), true);
      assert.equal(await field(title, 'settings.title.field').inputValue(), await ask('greetingsettings'));
      await dismissAll(page);
    });

    await t.test('language and time zone', async () => {
      const place = section(page, 'settings.place');
      await field(place, 'settings.place.language').selectOption('de');
      await field(place, 'settings.place.zone').selectOption('Europe/Lisbon');
      await save(place);
      await saved(page, 'settings.place');
      const { culture, timezone } = await ask('');
      assert.deepEqual([culture, timezone], ['de', 'Europe/Lisbon']);
      await save(place);
      await toast(page, 'settings.unchanged').waitFor();
      await dismissAll(page);
      await page.reload();
      await until(
        async () => (await field(place, 'settings.place.zone').inputValue()) === 'Europe/Lisbon',
        'the zone that was chosen',
      );
    });

    await t.test('what passwords must be like', async () => {
      const tabs = page.getByRole('navigation', { name: text('settings.tabs') });
      await tabs.getByRole('link', { name: text('settings.tab.security') }).click();
      const rules = section(page, 'settings.passwords');
      await field(rules, 'settings.passwords.length').fill('7');
      await save(rules);
      await rules.getByText(text('settings.number', { least: 8, most: 30 })).waitFor();
      await look('settings, security');
      await field(rules, 'settings.passwords.length').fill('12');
      await flip(rules, 'password.rule.digit').click();
      await save(rules);
      await saved(page, 'settings.passwords');
      const { minLength, digits, upperCase } = await ask('security/password');
      assert.deepEqual({ minLength, digits, upperCase }, { minLength: 12, digits: true, upperCase: false });
    });

    await t.test('how often one may try, and back', async () => {
      const attempts = section(page, 'settings.attempts');
      await field(attempts, 'settings.attempts.attemptCount').fill('3');
      await field(attempts, 'settings.attempts.blockTime').fill('many');
      await save(attempts);
      await attempts.getByText(text('settings.number', { least: 1, most: 9999 })).waitFor();
      await until(
        () => isFocused(field(attempts, 'settings.attempts.blockTime')),
        'the wrong one has the focus',
      );
      await field(attempts, 'settings.attempts.blockTime').fill('90');
      await save(attempts);
      await saved(page, 'settings.attempts');
      const now = await ask('security/loginsettings');
      assert.deepEqual(now, { attemptCount: 3, blockTime: 90, checkPeriod: 60, isDefault: false });
      await button(attempts, 'settings.defaults').click();
      await button(attempts, 'settings.defaults').waitFor({ state: 'detached' });
      await saved(page, 'settings.attempts');
      assert.equal(await field(attempts, 'settings.attempts.blockTime').inputValue(), '60');
      assert.equal((await ask('security/loginsettings')).isDefault, true);
    });

    await t.test('who may be invited', async () => {
      const invitations = section(page, 'settings.invitations');
      await flip(invitations, 'settings.invitations.guests').click();
      await save(invitations);
      await saved(page, 'settings.invitations');
      const { allowInvitingMembers, allowInvitingGuests } = await ask('invitationsettings');
      assert.deepEqual([allowInvitingMembers, allowInvitingGuests], [true, false]);
    });

    await t.test('a refusal is shown where it belongs, and what was typed stays', async () => {
      const rules = section(page, 'settings.passwords');
      const refuse = (status, body) =>
        page.route('**/api/2.0/settings/security/password', (route) =>
          route.request().method() === 'PUT' ? route.fulfill({ status, json: body }) : route.continue(),
        );
      await refuse(400, { error: { message: 'MinLength' }, status: 1, statusCode: 400 });
      await field(rules, 'settings.passwords.length').fill('15');
      await save(rules);
      await rules.getByText(text('settings.refused')).waitFor();
      await page.unroute('**/api/2.0/settings/security/password');
      await refuse(403, { error: { message: 'Access denied' }, status: 1, statusCode: 403 });
      await save(rules);
      await rules.getByText('Access denied').waitFor();
      assert.equal(await field(rules, 'settings.passwords.length').inputValue(), '15');
      await page.unroute('**/api/2.0/settings/security/password');
      // The browser tells of each refusal.
      problems.splice(0, 2);
    });

    await t.test('sessions are limited: the others end, this one goes on', async () => {
      const other = await page.context().browser().newContext();
      await other.request.post(`${server.url}/api/2.0/authentication`, {
        data: { userName: EMAIL, password: PASSWORD },
      });
      const lifetime = section(page, 'settings.lifetime');
      await flip(lifetime, 'settings.lifetime.limit').click();
      await field(lifetime, 'settings.lifetime.minutes').fill('600');
      await save(lifetime);
      const question = dialog(page, 'settings.lifetime.ask');
      await look('settings, sessions');
      await button(question, 'common.cancel').click();
      await question.waitFor({ state: 'detached' });
      assert.equal((await ask('cookiesettings')).enabled, false);
      await save(lifetime);
      await button(question, 'settings.lifetime.yes').click();
      await saved(page, 'settings.lifetime');
      assert.deepEqual(await ask('cookiesettings'), { lifeTime: 600, enabled: true });
      const reply = await other.request.get(`${server.url}/api/2.0/people/@self`);
      assert.equal(reply.status(), 401);
      await page.reload();
      await flip(lifetime, 'settings.lifetime.limit').waitFor();
      await other.close();
    });

    await t.test('the second step is asked about, signs out, and leads back here', async () => {
      const factor = section(page, 'settings.factor');
      await flip(factor, 'settings.factor.app').click();
      const addresses = factor.getByRole('textbox', { name: text('settings.factor.addresses') });
      await addresses.fill('127.0.0.1, somewhere');
      await save(factor);
      const wrong = text('settings.factor.addresses.wrong', { count: 1, addresses: 'somewhere' });
      await factor.getByText(wrong).waitFor();
      await addresses.fill('127.0.0.1/99');
      await save(factor);
      const question = dialog(page, 'settings.factor.ask');
      await look('settings, second step');
      // Only the server knows that this is none.
      await button(question, 'settings.factor.yes').click();
      await factor.getByText(text('settings.refused')).waitFor();
      problems.splice(0, 1);
      await addresses.fill('127.0.0.1\n10.0.0.0/8');
      await save(factor);
      await button(question, 'settings.factor.yes').click();
      await page.waitForURL('**/sign-in?next=/settings/security');
      // From a trusted address no code is asked for.
      await signInByForm(page);
      await page.waitForURL(`${server.url}/settings/security`);
      await until(
        async () => (await addresses.inputValue()) === '127.0.0.1\n10.0.0.0/8',
        'the addresses that were saved',
      );
      await addresses.fill('127.0.0.1');
      await save(factor);
      await button(dialog(page, 'settings.factor.ask.again'), 'common.cancel').click();
      await flip(factor, 'settings.factor.app').click();
      await save(factor);
      await saved(page, 'settings.factor');
      assert.equal((await ask('tfaapp')).find(({ id }) => id === 'app').enabled, false);
    });

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}

test('the settings are for administrators', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  const browser = await browse(t);
  const body = { firstName: 'Mia', lastName: 'Doe', password: PASSWORD };
  for (const [name, type] of Object.entries({ admin: 'DocSpaceAdmin', maker: 'RoomAdmin' }))
    await call(server.url, key, 'POST', 'people', { ...body, email: `${name}@example.org`, type });

  await t.test('a room administrator is told so, and is not led there', async () => {
    const page = await openWithAxe(browser);
    await signIn(page, server.url, 'maker@example.org');
    await page.goto(`${server.url}/settings/security`);
    await face(page, 'settings.denied').waitFor();
    assert.deepEqual(await findings(page, 'settings, denied'), []);
    assert.equal(await page.getByRole('link', { name: text('shell.settings'), exact: true }).count(), 0);
    await page.keyboard.press('Control+k');
    const palette = dialog(page, 'palette.title');
    await palette.getByRole('combobox').fill(text('shell.settings'));
    await palette.getByText(text('palette.none')).waitFor();
    await page.context().close();
  });

  await t.test('an administrator comes by keys', async () => {
    const page = await open(browser);
    await signIn(page, server.url, 'admin@example.org');
    await page.goto(`${server.url}/rooms`);
    await face(page, 'rooms.empty').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL(`${server.url}/settings`);
    const title = field(section(page, 'settings.title.portal'), 'settings.title.field');
    await title.fill('Harbour office');
    await title.press('Enter');
    await saved(page, 'settings.title.portal');
    await page.goto(`${server.url}/settings/nowhere`);
    await page.getByText(text('error.noPageText')).waitFor();
    await page.context().close();
  });
});
