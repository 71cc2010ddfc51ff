// Links in letters that ask for no more than a press: what each says, what it does, and that it does it once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findings, openWithAxe } from './axe.js';
import {
  browse,
  button,
  call,
  DESKTOP,
  EMAIL,
  face,
  forgetSession,
  install,
  open,
  PASSWORD,
  PHONE,
  signIn,
  signInByForm,
  text,
  until,
  watch,
} from './harness.js';

const GUEST = 'grace@example.org';
const NEW_PASSWORD = 'Quite-another-8';

/** The heading of a page outside the shell. */
function title(page, key, values) {
  return page.getByRole('heading', { level: 1, name: text(key, values), exact: true });
}

/** The place of this server that a link in a letter means: it may call itself by another name than the browser does. */
function placeOf(server, link) {
  const { pathname, search } = new URL(link);
  return server.url + pathname + search;
}

/** The link of one kind in the next letter to an address that comes once `send` is done. */
async function letterLink(installation, server, to, kind, send) {
  const before = installation.letters(to).length;
  await send();
  const letter = await until(() => installation.letters(to)[before], `a letter to ${to}`);
  const link = new RegExp(`https?://[^\\s"<>]+/confirm/${kind}\\?[^\\s"<>]+`).exec(letter)?.[0];
  assert.ok(link, letter);
  return placeOf(server, link.replaceAll('&amp;', '&'));
}

/** Where a short link of a letter leads. */
async function kindOf(page) {
  return new URL(page.url()).searchParams.get('type');
}

const account = (email, type, more = {}) => ({
  email,
  firstName: 'Grace',
  lastName: 'Doe',
  password: PASSWORD,
  type,
  ...more,
});

for (const [device, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`a portal is suspended, put back in service and deleted by letters, on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    // The last portal there is can't go.
    await installation.command(['portal', 'create', '--alias', 'north']);
    const page = await openWithAxe(await browse(t), options);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const ask = (path) => call(server.url, key, 'POST', path);
    let back;

    await t.test('suspended', async () => {
      const before = installation.letters(EMAIL).length;
      const there = await letterLink(installation, server, EMAIL, 'PortalSuspend', () =>
        ask('portal/suspend'),
      );
      const letter = installation.letters(EMAIL)[before];
      back = placeOf(server, /https?:\/\/[^\s"<>]+\/confirm\/PortalContinue\?[^\s"<>]+/.exec(letter)[0]);
      await page.goto(there);
      await title(page, 'confirm.suspend').waitFor();
      await look('suspension');
      await button(page, 'confirm.suspend.button').click();
      await title(page, 'confirm.suspend.done').waitFor();
      await look('suspension, done');
      const reply = await page.request.get(`${server.url}/api/2.0/authentication`);
      assert.ok(!reply.ok(), 'the portal answers no more');
    });

    await t.test('put back in service', async () => {
      await page.goto(back);
      await title(page, 'confirm.continue').waitFor();
      await look('continuation');
      await button(page, 'confirm.continue.button').click();
      await title(page, 'confirm.continue.done').waitFor();
      await page.getByRole('link', { name: text('factor.goOn') }).click();
      await page.waitForURL('**/sign-in**');
      await signInByForm(page);
      await face(page, 'rooms.empty').waitFor();
    });

    await t.test('not by a link that was mistyped', async () => {
      await page.goto(back.replace(/key=[^&]+/, 'key=1.A'));
      await button(page, 'confirm.continue.button').click();
      await title(page, 'confirm.flaw.invalid').waitFor();
    });

    await t.test('deleted', async () => {
      const there = await letterLink(installation, server, EMAIL, 'PortalRemove', () => ask('portal/delete'));
      await page.goto(there.replace(/key=[^&]+/, 'key=1.A'));
      await title(page, 'confirm.flaw.invalid').waitFor();
      await page.goto(there);
      await title(page, 'confirm.remove').waitFor();
      await look('deletion of the portal');
      assert.equal(
        await page.getByRole('link', { name: text('confirm.rather') }).getAttribute('href'),
        '/rooms',
      );
      await button(page, 'confirm.remove.button').click();
      await title(page, 'confirm.remove.done').waitFor();
      const left = await installation.command(['portal', 'list']);
      assert.match(left, /^2\s+north/m);
      assert.doesNotMatch(left, /^1\s/m);
    });

    assert.deepEqual(found, []);
  });

  test(`an account's first steps by letters, on a ${device}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const self = async () => (await call(server.url, key, 'GET', `people/email?email=${GUEST}`)) ?? {};
    let activation;

    await t.test('the address is confirmed at once', async () => {
      const { id } = await call(server.url, key, 'POST', 'people', account(GUEST, 'User'));
      await until(() => installation.letters(GUEST).length > 0, 'the first letter');
      const confirmation = await installation.linkFrom(GUEST, () =>
        call(server.url, key, 'PUT', 'people/invite', { userIds: [id], resendAll: false }),
      );
      assert.equal((await self()).activationStatus, 2);
      await page.goto(confirmation);
      await title(page, 'confirm.activation.done').waitFor();
      assert.equal(await kindOf(page), 'EmailActivation');
      await look('confirmation of an address');
      assert.equal((await self()).activationStatus, 1);
    });

    await t.test('the first password of an account that somebody made', async () => {
      const email = 'hedy@example.org';
      activation = await installation.linkFrom(email, () =>
        call(server.url, key, 'POST', 'people', account(email, 'User')),
      );
      await page.goto(activation);
      await title(page, 'confirm.first').waitFor();
      assert.equal(await kindOf(page), 'Activation');
      await page.getByText(text('confirm.password.for', { email })).waitFor();
      await look('first password');
      await page.getByLabel(text('confirm.password.new'), { exact: true }).fill(NEW_PASSWORD);
      await button(page, 'confirm.password.submit').click();
      await page.waitForURL('**/rooms');
      await face(page, 'rooms.empty').waitFor();
      const made = await call(server.url, key, 'GET', `people/email?email=${email}`);
      assert.equal(made.activationStatus, 1);
    });

    await t.test('once', async () => {
      await forgetSession(page);
      await page.goto(activation);
      await title(page, 'confirm.flaw.invalid').waitFor();
    });

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}

test('a portal is handed over by a letter', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  const next = await call(server.url, key, 'POST', 'people', account('next@example.org', 'User'));
  const page = await openWithAxe(await browse(t));
  const problems = watch(page, server.url);
  const link = await letterLink(installation, server, EMAIL, 'PortalOwnerChange', () =>
    call(server.url, key, 'POST', 'settings/owner', { ownerId: next.id }),
  );
  await page.goto(link);
  await title(page, 'confirm.owner').waitFor();
  assert.deepEqual(await findings(page, 'another owner'), []);
  await button(page, 'confirm.owner.button').click();
  await title(page, 'confirm.owner.done').waitFor();
  await signIn(page, server.url, 'next@example.org');
  await page.getByRole('link', { name: text('factor.goOn') }).click();
  await page.waitForURL('**/rooms');
  // An owner sees the settings, whatever they were before.
  await page.getByRole('link', { name: text('shell.settings'), exact: true }).waitFor();
  const { isOwner } = await call(server.url, key, 'GET', `people/${next.id}`);
  assert.equal(isOwner, true);
  await page.goto(link);
  await title(page, 'confirm.flaw.invalid').waitFor();
  assert.deepEqual(problems, []);
});

test('a link signs in, once', async (t) => {
  const { server } = await install(t);
  const page = await openWithAxe(await browse(t));
  const problems = watch(page, server.url);
  await page.goto(`${server.url}/sign-in`);
  // The page makes the hash of the password, as it does for its own form.
  const [request] = await Promise.all([
    page.waitForRequest((asked) => asked.method() === 'POST' && asked.url().endsWith('/authentication')),
    signInByForm(page),
  ]);
  const { passwordHash } = request.postDataJSON();
  await page.waitForURL('**/rooms');
  const data = { email: EMAIL, passwordHash };
  const reply = await page.request.post(`${server.url}/apisystem/portal/signin`, { data });
  assert.equal(reply.status(), 200, await reply.text());
  const link = placeOf(server, (await reply.json()).tenants[0].portalLink);
  await forgetSession(page);
  await page.goto(link);
  await page.getByText(text('confirm.auth.text', { email: EMAIL })).waitFor();
  assert.deepEqual(await findings(page, 'sign-in by a link'), []);
  await button(page, 'signIn.submit').click();
  await page.waitForURL('**/rooms');
  await face(page, 'rooms.empty').waitFor();
  await forgetSession(page);
  await page.goto(link);
  await title(page, 'confirm.flaw.invalid').waitFor();
  assert.deepEqual(problems, []);
});

test('a guest is handed on by a link', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await call(
    server.url,
    key,
    'POST',
    'people',
    account('maker@example.org', 'RoomAdmin', { lastName: 'Lind' }),
  );
  const guest = await call(server.url, key, 'POST', 'people/active', account(GUEST, 'Guest'));
  const share = await call(server.url, key, 'GET', `people/guests/${guest.id}/share`);
  const page = await openWithAxe(await browse(t));
  const problems = watch(page, server.url);

  await page.goto(placeOf(server, share));
  await title(page, 'confirm.guest').waitFor();
  await page.getByText(text('confirm.signInFirst')).waitFor();
  assert.equal(await kindOf(page), 'GuestShareLink');
  await page.getByRole('link', { name: text('setup.toSignIn') }).click();
  await signInByForm(page, PASSWORD, 'maker@example.org');
  await page.getByText(text('confirm.guest.text', { email: GUEST })).waitFor();
  assert.deepEqual(await findings(page, 'a guest'), []);
  await button(page, 'confirm.guest.button').click();
  await title(page, 'confirm.guest.done').waitFor();
  await page.getByRole('link', { name: text('factor.goOn') }).click();
  await page.waitForURL('**/people/guests');
  await page.getByRole('row', { name: 'Grace Doe', exact: true }).waitFor();
  assert.deepEqual(problems, []);
});

test('a guest is handed on to nobody who may have none', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await call(server.url, key, 'POST', 'people', account('user@example.org', 'User'));
  const guest = await call(server.url, key, 'POST', 'people/active', account(GUEST, 'Guest'));
  const share = await call(server.url, key, 'GET', `people/guests/${guest.id}/share`);
  const page = await open(await browse(t));
  await signIn(page, server.url, 'user@example.org');
  await page.goto(placeOf(server, share));
  await button(page, 'confirm.guest.button').click();
  await page.getByRole('alert').waitFor();
});
