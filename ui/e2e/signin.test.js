// Ways in: by a letter, by an invitation, with a second step; and what people do with their own account.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { findings, LOOKS, openWithAxe } from './axe.js';
import {
  browse,
  button,
  call,
  clipboard,
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

const NEW_PASSWORD = 'Quite-another-8';
const GUEST = 'grace@example.org';

/** The code an authenticator app shows for a key now, or some half minutes from now (RFC 6238). */
function codeOf(key, steps = 0) {
  const bits = [...key.replace(/[\s=]/g, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', secret).update(time).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** The heading of a page outside the shell. */
function title(page, key, values) {
  return page.getByRole('heading', { level: 1, name: text(key, values), exact: true });
}

function invite(url, key, email = GUEST) {
  return call(url, key, 'POST', 'people/invite', { invitations: [{ email, type: 'User' }] });
}

/** Fills the form of an invitation. */
async function accept(page, password = NEW_PASSWORD) {
  await page.getByLabel(text('profile.first')).fill('Grace');
  await page.getByLabel(text('profile.last')).fill("O'Hara");
  await page.getByLabel(text('setup.password'), { exact: true }).fill(password);
  await button(page, 'confirm.invitation.submit').click();
}

/** Binds an app by the page that is open; its key. */
async function bindApp(page) {
  await title(page, 'factor.setUp').waitFor();
  const key = (await page.locator('code').innerText()).trim();
  await page.getByLabel(text('factor.code'), { exact: true }).fill(codeOf(key));
  await button(page, 'factor.bind').click();
  await title(page, 'factor.codes').waitFor();
  return key;
}

function shownCodes(scope) {
  return scope
    .getByRole('list', { name: text('factor.codes') })
    .locator('code')
    .allInnerTexts();
}

async function signOut(page, url) {
  await page.goto(`${url}/profile`);
  await button(page, 'shell.signOut').click();
  await page.waitForURL('**/sign-in');
}

for (const [name, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`a forgotten password, on a ${name}`, async (t) => {
    const { installation, server } = await install(t);
    const page = await open(await browse(t), options);
    const ask = async (email) => {
      await page.goto(`${server.url}/sign-in`);
      await page.getByRole('link', { name: text('signIn.forgotten') }).click();
      await page.getByLabel(text('signIn.email')).fill(email);
      await button(page, 'forgotten.submit').click();
      await page.getByText(text('forgotten.sent', { email })).waitFor();
    };

    await ask('nobody@example.org');
    const link = await installation.linkFrom(EMAIL, () => ask(EMAIL));
    assert.equal(installation.letters('nobody@example.org').length, 0);

    await page.goto(link);
    await title(page, 'confirm.password').waitFor();
    await page.getByText(text('confirm.password.for', { email: EMAIL })).waitFor();
    const field = page.getByLabel(text('confirm.password.new'), { exact: true });
    await field.fill('short');
    await button(page, 'confirm.password.submit').click();
    await page.getByText(text('password.invalid')).waitFor();
    await field.fill(PASSWORD);
    await button(page, 'confirm.password.submit').click();
    // The one it was: the server's own sentence, beside the field.
    await page.getByText('A new password must be used').waitFor();
    await field.fill(NEW_PASSWORD);
    await button(page, 'confirm.password.submit').click();
    await page.waitForURL('**/rooms');
    await face(page, 'rooms.empty').waitFor();

    await page.goto(link);
    await title(page, 'confirm.flaw.invalid').waitFor();
    await page.getByRole('link', { name: text('confirm.askAgain') }).click();
    await title(page, 'forgotten.title').waitFor();

    await page.goto(`${server.url}/sign-in`);
    await signInByForm(page);
    await page.getByText(text('signIn.wrong')).waitFor();
    await signInByForm(page, NEW_PASSWORD);
    await page.waitForURL('**/rooms');
  });

  test(`an invitation, on a ${name}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const page = await open(await browse(t), options);
    const problems = watch(page, server.url);
    const link = await installation.linkFrom(GUEST, () => invite(server.url, key));

    await t.test('whoever is signed in as somebody else signs out first', async () => {
      await signIn(page, server.url);
      await page.goto(link);
      await title(page, 'confirm.another').waitFor();
      await button(page, 'confirm.another.signOut').click();
    });

    await t.test('it makes an account', async () => {
      await title(page, 'confirm.invitation').waitFor();
      const email = page.getByLabel(text('setup.email'));
      assert.equal(await email.inputValue(), GUEST);
      assert.equal(await email.isEditable(), false);
      await button(page, 'confirm.invitation.submit').click();
      await page.getByText(text('confirm.invitation.nameMissing')).waitFor();
      await accept(page);
      await page.waitForURL('**/rooms');
      await page.goto(`${server.url}/profile`);
      await page.getByText("Grace O'Hara").filter({ visible: true }).first().waitFor();
    });

    await t.test('once', async () => {
      await page.goto(link);
      await title(page, 'confirm.flaw.existed').waitFor();
      await page.goto(`${server.url}/confirm/LinkInvite?type=LinkInvite&key=1.A`);
      await title(page, 'confirm.flaw.invalid').waitFor();
      await page.goto(`${server.url}/confirm/Nonsense?key=1.A`);
      await title(page, 'confirm.flaw.invalid').waitFor();
    });

    assert.deepEqual(problems, []);
  });

  test(`a second step, on a ${name}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const page = await open(await browse(t), options);
    await call(server.url, key, 'PUT', 'settings/tfaapp', { type: 'App' });
    let secret;
    let codes;
    const begin = async () => {
      await page.goto(`${server.url}/sign-in?next=/profile/security`);
      await signInByForm(page);
    };
    const give = async (code, label = 'factor.code') => {
      await page.getByLabel(text(label), { exact: true }).fill(code);
      await button(page, 'signIn.submit').click();
    };
    const left = (count) => page.getByText(text('profile.factor.bound', { count }));

    await t.test('the first sign-in binds an app', async () => {
      await begin();
      secret = await bindApp(page);
      codes = await shownCodes(page);
      assert.equal(codes.length, 5);
      await button(page, 'factor.codes.copy').click();
      await until(
        async () => (await clipboard(page)) === codes.join('\n') + '\n',
        'the codes in the clipboard',
      );
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        button(page, 'factor.codes.save').click(),
      ]);
      assert.equal(readFileSync(await download.path(), 'utf8'), codes.join('\n') + '\n');
      await button(page, 'factor.goOn').click();
      await page.waitForURL(`${server.url}/profile/security`);
      await left(5).waitFor();
    });

    await t.test('the next one asks for its code', async () => {
      await signOut(page, server.url);
      await begin();
      await give('000000');
      await page.getByText(text('factor.wrong')).waitFor();
      await give(codeOf(secret));
      await page.waitForURL(`${server.url}/profile/security`);
    });

    await t.test('a backup code stands in, once', async () => {
      await signOut(page, server.url);
      await begin();
      await button(page, 'factor.useBackup').click();
      await give(codes[0], 'factor.backup');
      await page.waitForURL(`${server.url}/profile/security`);
      await left(4).waitFor();
      await button(page, 'profile.factor.codes').click();
      const shown = dialog(page, 'factor.codes');
      await shown.getByText(text('factor.codes.used')).waitFor();
      await button(shown, 'profile.factor.newCodes').click();
      await shown.getByText(text('factor.codes.used')).waitFor({ state: 'detached' });
      await button(shown, 'profile.factor.kept').click();
      await shown.waitFor({ state: 'detached' });
      await left(5).waitFor();
    });

    await t.test('another app takes its place', async () => {
      await button(page, 'profile.factor.another').click();
      await button(dialog(page, 'profile.factor.another'), 'factor.goOn').click();
      assert.notEqual(await bindApp(page), secret);
      await button(page, 'factor.goOn').click();
      await page.waitForURL(`${server.url}/profile/security`);
      await left(5).waitFor();
    });
  });

  test(`one's own account, on a ${name}`, async (t) => {
    const { installation, server } = await install(t);
    const browser = await browse(t);
    const page = await open(browser, options);
    const problems = watch(page, server.url);
    await signIn(page, server.url);

    await t.test('names and words', async () => {
      await page.goto(`${server.url}/profile`);
      await page.getByLabel(text('profile.first')).fill('');
      await button(page, 'profile.save').click();
      await page.getByText(text('confirm.invitation.nameMissing')).waitFor();
      await page.getByLabel(text('profile.first')).fill('Ada');
      await page.getByLabel(text('profile.last')).fill('Byron');
      await page.getByLabel(text('profile.location')).fill('London');
      await button(page, 'profile.save').click();
      await toast(page, 'profile.saved').waitFor();
      await page.reload();
      await until(
        async () => (await page.getByLabel(text('profile.location')).inputValue()) === 'London',
        'the location',
      );
      await page.getByText('Ada Byron').filter({ visible: true }).first().waitFor();
    });

    await t.test('a photo', async () => {
      const picture = await page.evaluate(() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 600, height: 300 });
        const context = canvas.getContext('2d');
        context.fillRect(0, 0, 600, 300);
        return canvas.toDataURL('image/jpeg').split(',')[1];
      });
      const file = { name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(picture, 'base64') };
      await page.locator('input[type=file]').setInputFiles({ ...file, buffer: Buffer.from('no picture') });
      const crop = dialog(page, 'profile.photo.title');
      await crop.getByText(text('profile.photo.unreadable')).waitFor();
      await button(crop, 'common.cancel').click();
      await crop.waitFor({ state: 'detached' });

      await page.locator('input[type=file]').setInputFiles(file);
      const across = crop.getByLabel(text('profile.photo.across'));
      assert.equal(await across.inputValue(), '0.5');
      await across.focus();
      await page.keyboard.press('ArrowRight');
      assert.equal(await across.inputValue(), '0.51');
      await crop.getByLabel(text('profile.photo.zoom')).fill('2');
      if (!options.hasTouch) {
        const box = await crop.locator('canvas').boundingBox();
        await page.mouse.move(box.x + 120, box.y + 120);
        await page.mouse.down();
        await page.mouse.move(box.x + 60, box.y + 120, { steps: 4 });
        await page.mouse.up();
        assert.ok(Number(await across.inputValue()) > 0.51, await across.inputValue());
      }
      await button(crop, 'profile.photo.save').click();
      await toast(page, 'profile.photo.saved').waitFor();
      const shown = page.locator('.avatar img');
      await until(() => shown.evaluate((image) => image.complete && image.naturalWidth > 0), 'the photo');
      await button(page, 'profile.photo.remove').click();
      await shown.waitFor({ state: 'detached' });
    });

    await t.test('the theme is the same in every browser', async () => {
      await page.goto(`${server.url}/profile/looks`);
      const theme = (of) => of.evaluate(() => document.documentElement.dataset.theme);
      await Promise.all([
        page.waitForResponse('**/api/2.0/people/theme'),
        page.getByLabel(text('profile.theme')).selectOption('dark'),
      ]);
      assert.equal(await theme(page), 'dark');
      const other = await open(browser, options);
      await signIn(other, server.url);
      await other.goto(`${server.url}/rooms`);
      await until(async () => (await theme(other)) === 'dark', 'the theme in the other browser');
      await other.context().close();
      await Promise.all([
        page.waitForResponse('**/people/*/culture'),
        page.getByLabel(text('profile.language')).selectOption('de'),
      ]);
      await page.reload();
      await until(
        async () => (await page.getByLabel(text('profile.language')).inputValue()) === 'de',
        'the language',
      );
    });

    await t.test('sessions are ended', async () => {
      const others = [await open(browser, DESKTOP), await open(browser, PHONE)];
      for (const other of others) await signIn(other, server.url);
      await page.goto(`${server.url}/profile/sessions`);
      const list = page.getByRole('list', { name: text('profile.sessions') });
      const ends = list.getByRole('button');
      await list.getByText(text('profile.sessions.this')).waitFor();
      const before = await ends.count();
      assert.ok(before >= 2, `${before} other sessions`);
      await ends.first().click();
      await toast(page, 'profile.sessions.ended').waitFor();
      await until(async () => (await ends.count()) === before - 1, 'one session less');
      await button(page, 'profile.sessions.endOthers').click();
      await until(async () => (await ends.count()) === 0, 'no other session');
      for (const other of others) {
        await other.goto(`${server.url}/rooms`);
        await other.waitForURL('**/sign-in**');
        await other.context().close();
      }
      await page.reload();
      await list.getByText(text('profile.sessions.this')).waitFor();
      await button(page, 'profile.sessions.endAndChange').click();
      await title(page, 'confirm.password').waitFor();
      await page.getByLabel(text('confirm.password.new'), { exact: true }).fill(NEW_PASSWORD);
      await button(page, 'confirm.password.submit').click();
      await page.waitForURL('**/rooms');
    });

    await t.test('a letter for another password', async () => {
      await page.goto(`${server.url}/profile/security`);
      const link = await installation.linkFrom(EMAIL, () => button(page, 'profile.password.send').click());
      await page.getByText(text('profile.password.sent', { email: EMAIL })).waitFor();
      await page.goto(link);
      await title(page, 'confirm.password').waitFor();
    });

    assert.deepEqual(problems, []);
  });

  test(`a member's address, and leaving, on a ${name}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const page = await open(await browse(t), options);
    await page.goto(await installation.linkFrom(GUEST, () => invite(server.url, key)));
    await accept(page);
    await page.waitForURL('**/rooms');

    const other = 'hopper@example.org';
    await t.test('another address is confirmed by a letter to it', async () => {
      await page.goto(`${server.url}/profile/security`);
      const link = await installation.linkFrom(other, async () => {
        await button(page, 'profile.address.change').click();
        await page.getByLabel(text('profile.address.new')).fill(other);
        await button(page, 'profile.address.submit').click();
        await page.getByText(text('profile.address.sent', { email: other })).waitFor();
      });
      await page.goto(link);
      await button(page, 'confirm.email.button').click();
      await title(page, 'confirm.email.done').waitFor();
      await page.goto(`${server.url}/sign-in`);
      await signInByForm(page, NEW_PASSWORD, other);
      await page.waitForURL('**/rooms');
    });

    await t.test('who leaves is out', async () => {
      await page.goto(`${server.url}/profile/security`);
      const link = await installation.linkFrom(other, async () => {
        await button(page, 'profile.leave.button').click();
        await button(dialog(page, 'profile.leave'), 'profile.leave.send').click();
        await page.getByText(text('profile.leave.sent', { email: other })).waitFor();
      });
      await page.goto(link);
      await button(page, 'confirm.leave.button').click();
      await title(page, 'confirm.leave.done').waitFor();
      await page.goto(`${server.url}/sign-in`);
      await signInByForm(page, NEW_PASSWORD, other);
      await page.getByRole('alert').waitFor();
      assert.ok(page.url().includes('/sign-in'));
    });
  });
}

for (const [looks, options] of Object.entries(LOOKS)) {
  test(`the ways in and the profile are within reach: ${looks}`, async (t) => {
    const { installation, server } = await install(t);
    const key = await installation.key();
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));

    await page.goto(`${server.url}/sign-in?forgotten`);
    await button(page, 'forgotten.submit').click();
    await page.getByText(text('setup.emailInvalid')).waitFor();
    await look('forgotten password');
    const link = await installation.linkFrom(EMAIL, async () => {
      await page.getByLabel(text('signIn.email')).fill(EMAIL);
      await button(page, 'forgotten.submit').click();
      await page.getByText(text('forgotten.notCome')).waitFor();
    });
    await look('forgotten password, sent');
    await page.goto(link);
    await title(page, 'confirm.password').waitFor();
    await button(page, 'confirm.password.submit').click();
    await look('new password');
    await page.goto(await installation.linkFrom(GUEST, () => invite(server.url, key)));
    await title(page, 'confirm.invitation').waitFor();
    await button(page, 'confirm.invitation.submit').click();
    await look('invitation');
    await page.goto(`${server.url}/confirm/LinkInvite?key=1.A`);
    await title(page, 'confirm.flaw.invalid').waitFor();
    await look('a void link');

    await call(server.url, key, 'PUT', 'settings/tfaapp', { type: 'App' });
    await page.goto(`${server.url}/sign-in?next=/profile`);
    await signInByForm(page);
    await title(page, 'factor.setUp').waitFor();
    await page.locator('code').waitFor();
    await look('second step, set-up');
    await bindApp(page);
    await look('backup codes');
    await button(page, 'factor.goOn').click();
    await page.waitForURL(`${server.url}/profile`);
    await page.getByLabel(text('profile.first')).waitFor();
    await look('profile, about');
    await page.goto(`${server.url}/profile/security`);
    await button(page, 'profile.factor.codes').click();
    await dialog(page, 'factor.codes').waitFor();
    await look('profile, backup codes');
    await page.keyboard.press('Escape');
    await dialog(page, 'factor.codes').waitFor({ state: 'detached' });
    await button(page, 'profile.address.change').click();
    await button(page, 'profile.address.submit').click();
    await page.getByText(text('setup.emailInvalid')).waitFor();
    await look('profile, security');
    await page.goto(`${server.url}/profile/sessions`);
    await page.getByText(text('profile.sessions.this')).waitFor();
    await look('profile, sessions');
    await page.goto(`${server.url}/profile/looks`);
    await page.getByLabel(text('profile.language')).waitFor();
    await look('profile, looks');
    const picture = await page.evaluate(() => document.createElement('canvas').toDataURL().split(',')[1]);
    const file = { name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(picture, 'base64') };
    await page.locator('input[type=file]').setInputFiles(file);
    await dialog(page, 'profile.photo.title').getByLabel(text('profile.photo.zoom')).waitFor();
    await look('profile, photo');

    await signOut(page, server.url);
    await signInByForm(page);
    await title(page, 'factor.title').waitFor();
    await look('second step');

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}
