// The whole story, from an empty data folder to a key that a script uses, on a desktop and on a phone; and all of it
// that the keyboard can do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
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
  ROOT,
  rowOf,
  signIn,
  signInByForm,
  text,
  toast,
  until,
  watch,
} from './harness.js';

const run = promisify(execFile);

const TITLE = 'Contracts 2026';
const RENAMED = 'Contracts 2027';

for (const [name, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  test(`the whole story on a ${name}`, async (t) => {
    const { server } = await install(t, { owner: false });
    const page = await open(await browse(t), options);
    const problems = watch(page, server.url);
    const press = (locator) => (options.hasTouch ? locator.tap() : locator.click());

    await t.test('the printed address makes the owner', async () => {
      await page.goto(server.setup);
      const rule = (key, kept) =>
        page
          .getByRole('list', { name: text('password.rules') })
          .getByText(
            `${text(key, { least: 8, most: 30 })} ${text(kept ? 'password.ruleKept' : 'password.ruleOpen')}`,
          );
      const password = page.getByLabel(text('setup.password'), { exact: true });
      await page.getByLabel(text('setup.email')).fill(EMAIL);
      await rule('password.rule.length', false).waitFor();
      await password.fill('short');
      await rule('password.rule.letters', true).waitFor();
      await rule('password.rule.length', false).waitFor();
      await press(button(page, 'setup.submit'));
      await page.getByText(text('password.invalid')).waitFor();
      await password.fill(PASSWORD);
      await rule('password.rule.length', true).waitFor();
      await press(button(page, 'setup.submit'));
      await page.waitForURL('**/rooms');
      await face(page, 'rooms.empty').waitFor();
    });

    await t.test('a room is made', async () => {
      await press(button(page, 'rooms.new').first());
      const form = dialog(page, 'rooms.new');
      await press(button(form, 'rooms.create'));
      await form.getByText(text('rooms.form.title.needed')).waitFor();
      await form.getByLabel(text('rooms.form.title')).fill(TITLE);
      await form.getByLabel(text('rooms.form.description')).fill('What we agreed on, and with whom.');
      await form.getByText(text('rooms.type.public.meaning')).click();
      await form.getByLabel(text('rooms.tags')).fill('legal');
      await form.getByLabel(text('rooms.tags')).press('Enter');
      await form.getByLabel(text('rooms.colour.plum')).check({ force: true });
      await press(button(form, 'rooms.create'));
      await page.waitForURL(/\/rooms\/\d+$/);
      await page.getByRole('heading', { name: TITLE, exact: true }).waitFor();
      await page.getByText('What we agreed on, and with whom.').waitFor();
      await page.getByText('legal', { exact: true }).waitFor();
      await page.getByText(text('rooms.type.public.meaning')).waitFor();
      await face(page, 'rooms.files.empty').waitFor();
    });

    const id = new URL(page.url()).pathname.split('/').at(-1);

    await t.test('it is renamed in place, in the list', async () => {
      await press(page.locator('p.back').getByRole('link', { name: text('rooms.title') }));
      await press(rowOf(page, TITLE).getByRole('button', { name: text('rooms.menu', { title: TITLE }) }));
      await press(page.getByRole('menuitem', { name: text('rooms.rename') }));
      const field = page.getByLabel(text('rooms.rename.label', { title: TITLE }));
      await field.fill(RENAMED);
      await field.press('Enter');
      await rowOf(page, RENAMED).waitFor();
      await page.reload();
      await rowOf(page, RENAMED).waitFor();
    });

    const item = async (key) => {
      await press(rowOf(page, RENAMED).getByRole('button', { name: text('rooms.menu', { title: RENAMED }) }));
      await press(page.getByRole('menuitem', { name: text(key) }));
    };
    const archived = { count: 1, title: RENAMED };

    await t.test('its id is copied, from the menu and on its page', async () => {
      await item('rooms.id.copy');
      await toast(page, 'rooms.id.copied', { id }).waitFor();
      assert.equal(await clipboard(page), id);
      await press(button(page, 'common.dismiss'));
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await press(rowOf(page, RENAMED).getByRole('link', { name: RENAMED }));
      await page.waitForURL(`**/rooms/${id}`);
      await press(page.locator('dd.id').getByRole('button', { name: text('rooms.id.copy') }));
      await until(async () => (await clipboard(page)) === id, 'the id in the clipboard');
      await page.goBack();
    });

    await t.test('it is archived, which can be undone', async () => {
      await item('rooms.archive');
      await toast(page, 'rooms.archived', archived).waitFor();
      await rowOf(page, RENAMED).waitFor({ state: 'detached' });
      await press(button(page, 'common.undo'));
      await rowOf(page, RENAMED).waitFor();
      await item('rooms.archive');
      await face(page, 'rooms.empty').waitFor();
    });

    const tab = (key) => page.getByRole('navigation', { name: text('rooms.tabs') }).getByText(text(key));

    await t.test('it is brought back from the archive', async () => {
      await press(tab('rooms.archive.title'));
      await page.waitForURL('**/archive');
      await item('rooms.restore');
      await face(page, 'rooms.archive.empty').waitFor();
      await press(tab('rooms.title'));
      await rowOf(page, RENAMED).waitFor();
    });

    await t.test('it is deleted for good, with its title typed', async () => {
      await item('rooms.archive');
      await rowOf(page, RENAMED).waitFor({ state: 'detached' });
      await press(tab('rooms.archive.title'));
      await item('rooms.remove');
      const question = dialog(page, 'rooms.remove.title', archived);
      const field = question.getByLabel(text('rooms.remove.type'));
      await field.fill(TITLE);
      await press(button(question, 'rooms.remove'));
      await question.getByText(text('common.mismatch', { word: RENAMED })).waitFor();
      await field.fill(RENAMED);
      await press(button(question, 'rooms.remove'));
      await toast(page, 'rooms.removed', archived).waitFor();
      await face(page, 'rooms.archive.empty').waitFor();
    });

    await t.test('a key is made, shown once, and runs the client', async () => {
      await useKey(page, press, server.url);
    });

    await t.test('out, and in again', async () => {
      await press(
        page
          .getByRole('navigation', { name: text('shell.places') })
          .getByRole('link')
          .last(),
      );
      await page.waitForURL('**/profile');
      await press(button(page, 'shell.signOut'));
      await page.waitForURL('**/sign-in');
      assert.equal((await page.request.get(`${server.url}/api/2.0/people/@self`)).status(), 401);
      await signInByForm(page);
      await page.waitForURL('**/rooms');
      await page.getByRole('grid').or(face(page, 'rooms.empty')).waitFor();
    });

    assert.deepEqual(problems, []);
  });
}

test('all of it by the keyboard', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await installation.key('spare');
  const titles = ['Alder', 'Birch', 'Cedar'];
  for (const title of titles) await call(server.url, key, 'POST', 'files/rooms', { title, roomType: 2 });
  const page = await open(await browse(t));
  const problems = watch(page, server.url);
  await signIn(page, server.url);
  await page.goto(`${server.url}/rooms?sort=title`);
  await rowOf(page, 'Alder').waitFor();
  const keys = page.keyboard;
  // The row itself: the body, where the focus falls when it is lost, holds every title.
  const isFocused = (title) =>
    until(
      () => rowOf(page, title).evaluateAll((rows) => rows.some((row) => row === document.activeElement)),
      `the focus on ${title}`,
    );
  const list = page.getByRole('grid');

  await t.test('the palette finds a room and opens it', async () => {
    await keys.press('Control+k');
    const palette = dialog(page, 'palette.title');
    await palette.getByRole('combobox').waitFor();
    await until(() => palette.getByRole('combobox').evaluate((e) => e === document.activeElement), 'focus');
    await keys.type('cedar');
    await palette.getByRole('option', { name: 'Cedar' }).waitFor();
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Cedar', exact: true }).waitFor();
    await keys.press('Backspace');
    await page.waitForURL('**/rooms');
    await page.goto(`${server.url}/rooms?sort=title`);
    await rowOf(page, 'Alder').waitFor();
  });

  await t.test('/ searches, Escape empties', async () => {
    await keys.press('/');
    await keys.type('birch');
    await page.waitForURL(/q=birch/);
    await rowOf(page, 'Alder').waitFor({ state: 'detached' });
    // The address has no blank at its end; the field keeps what was typed.
    await keys.press('Backspace');
    await keys.type(' ');
    await page.waitForURL((url) => url.searchParams.get('q') === 'birc');
    assert.equal(await page.getByLabel(text('rooms.search')).inputValue(), 'birc ');
    await keys.press('Escape');
    await rowOf(page, 'Alder').waitFor();
    assert.ok(!page.url().includes('q='));
  });

  await t.test('arrows move, Enter opens, Back comes back to it', async () => {
    await keys.press('ArrowDown');
    await isFocused('Alder');
    await keys.press('ArrowDown');
    await isFocused('Birch');
    await keys.press('j');
    await isFocused('Cedar');
    await keys.press('k');
    await isFocused('Birch');
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Birch', exact: true }).waitFor();
    await page.goBack();
    await rowOf(page, 'Birch').waitFor();
    await isFocused('Birch');
  });

  await t.test('F2 renames, Escape leaves it', async () => {
    await keys.press('F2');
    await page.getByLabel(text('rooms.rename.label', { title: 'Birch' })).waitFor();
    await keys.type('Nothing');
    await keys.press('Escape');
    await rowOf(page, 'Birch').waitFor();
    await isFocused('Birch');
    await keys.press('F2');
    await keys.type('Beech');
    await keys.press('Enter');
    await rowOf(page, 'Beech').waitFor();
    await isFocused('Beech');
  });

  await t.test('x, Shift with arrows and Ctrl+A select, Escape lets go', async () => {
    const chosen = () => list.locator('[aria-selected="true"]').count();
    await keys.press('x');
    await until(async () => (await chosen()) === 1, 'one chosen');
    await keys.press('Shift+ArrowDown');
    await until(async () => (await chosen()) === 2, 'two chosen');
    await page
      .getByText(text('rooms.selection', { count: 2 }))
      .first()
      .waitFor();
    await keys.press('Control+a');
    await until(async () => (await chosen()) === 3, 'all chosen');
    await keys.press('Escape');
    await until(async () => (await chosen()) === 0, 'none chosen');
  });

  await t.test('v, i and . do what they say', async () => {
    await keys.press('v');
    await page.waitForURL(/view=tiles/);
    await isFocused('Cedar');
    await keys.press('v');
    await page.waitForURL((url) => !url.searchParams.has('view'));
    await isFocused('Cedar');
    await keys.press('i');
    await page.getByRole('complementary', { name: text('rooms.details') }).waitFor();
    await keys.press('i');
    await page.waitForURL((url) => !url.searchParams.has('panel'));
    const menu = rowOf(page, 'Cedar').getByRole('button', { name: text('rooms.menu', { title: 'Cedar' }) });
    for (const ask of [() => keys.press('.'), () => menu.click()]) {
      await ask();
      await page.getByRole('menuitem', { name: text('rooms.id.copy') }).waitFor();
      await page.evaluate(watchMenu);
      await keys.press('Escape');
      const focused = await page.evaluate(() => globalThis.focusAfterMenu);
      assert.equal(focused, 'Cedar', 'the next key, however soon it comes, goes to the row');
    }
    await keys.press('.');
    await page.getByRole('menuitem', { name: text('rooms.rename') }).press('Enter');
    await page.getByLabel(text('rooms.rename.label', { title: 'Cedar' })).waitFor();
    await keys.press('Escape');
    await isFocused('Cedar');
  });

  await t.test('Delete archives, and in the archive asks', async () => {
    await keys.press('Home');
    await isFocused('Alder');
    await keys.press('Delete');
    await toast(page, 'rooms.archived', { count: 1, title: 'Alder' }).waitFor();
    await keys.press('g');
    await keys.press('a');
    await page.waitForURL('**/archive');
    await rowOf(page, 'Alder').waitFor();
    await keys.press('j');
    await isFocused('Alder');
    await keys.press('Delete');
    const question = dialog(page, 'rooms.remove.title', { count: 1, title: 'Alder' });
    await question.waitFor();
    await keys.press('Escape');
    await question.waitFor({ state: 'detached' });
    await rowOf(page, 'Alder').waitFor();
    await keys.press('g');
    await keys.press('r');
    await page.waitForURL('**/rooms');
  });

  await t.test('Shift+R makes a room, Enter sends', async () => {
    await rowOf(page, 'Beech').waitFor();
    await keys.press('Shift+R');
    const form = dialog(page, 'rooms.new');
    await until(
      () => form.getByLabel(text('rooms.form.title')).evaluate((e) => e === document.activeElement),
      'the focus in the title',
    );
    await keys.type('Dogwood');
    await keys.press('Enter');
    await page.getByRole('heading', { name: 'Dogwood', exact: true }).waitFor();
  });

  await t.test('in the list of keys, what comes after a menu or a question goes to the row', async () => {
    await keys.press('g');
    await keys.press('k');
    const row = (name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
    const isRowFocused = (name) =>
      until(() => row(name).evaluate((e) => e === document.activeElement), `the focus on ${name}`);
    await row('test').waitFor();
    await row('spare').focus();
    await keys.press('.');
    await page.getByRole('menuitem').first().waitFor();
    await keys.press('Escape');
    // While the menu fades.
    await keys.press('j');
    await isRowFocused('test');
    await keys.press('Delete');
    const question = dialog(page, 'keys.remove.title', { name: 'test' });
    await question.waitFor();
    await keys.press('Escape');
    await isRowFocused('test');
    await keys.press('k');
    await keys.press('Delete');
    await button(dialog(page, 'keys.remove.title', { name: 'spare' }), 'keys.remove.confirm').click();
    await toast(page, 'keys.removed', { name: 'spare' }).waitFor();
    await isRowFocused('test');
  });

  await t.test('? lists the keys, and the letters can be switched off', async () => {
    await keys.press('?');
    const help = dialog(page, 'help.title');
    await help.getByText(text('help.newRoom')).waitFor();
    await keys.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.goto(`${server.url}/profile/looks`);
    const letters = page.getByRole('switch', { name: text('profile.letters') });
    await letters.click();
    await page.reload();
    assert.equal(await letters.getAttribute('aria-checked'), 'false');
    await keys.press('?');
    await keys.press('g');
    await keys.press('r');
    // What still works shows that the others had their chance.
    await keys.press('Control+k');
    await dialog(page, 'palette.title').waitFor();
    assert.equal(await help.count(), 0);
    assert.ok(page.url().endsWith('/profile/looks'));
    await keys.press('Escape');
    await letters.click();
    await keys.press('?');
    await help.waitFor();
  });

  assert.deepEqual(problems, []);
});

/** Runs in the page: keeps the name of what has the focus at the moment when the menu is gone. */
function watchMenu() {
  globalThis.focusAfterMenu = new Promise((resolve) => {
    const look = () => document.querySelector('[role="menu"]') ?? resolve(document.activeElement.ariaLabel);
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
  });
}

/** Makes a key on its page, lets the client of the documentation's example use it, then switches it off. */
async function useKey(page, press, url) {
  await press(page.getByRole('link', { name: text('shell.keys') }));
  await page.waitForURL('**/developer/keys');
  await face(page, 'keys.empty').waitFor();
  await press(button(page, 'keys.new'));
  const form = dialog(page, 'keys.new');
  await form.getByLabel(text('keys.form.name')).fill('my script');
  await press(button(form, 'keys.create'));

  const made = dialog(page, 'keys.shown.title', { name: 'my script' });
  await press(button(made, 'keys.shown.copy'));
  const key = await until(
    async () => /^sk-[\w-]+$/.exec(await clipboard(page))?.[0],
    'the key in the clipboard',
  );
  await made.getByText(key, { exact: true }).waitFor();
  await runsAsShown(made, press, page, url, key);
  await press(button(made, 'keys.shown.done'));
  await made.waitFor({ state: 'detached' });

  // This once: neither the page nor the server has it any more.
  await page.reload();
  await page.getByText('my script', { exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(key));
  await page.locator('.used time').waitFor();

  const env = { ...process.env, BASE_URL: url, API_KEY: key, NO_PROXY: '127.0.0.1' };
  await run(process.execPath, [join(ROOT, 'tests/conformance/seed.mjs')], { env });

  const item = async (name) => {
    await press(page.getByRole('button', { name: text('keys.menu', { name: 'my script' }) }));
    await press(page.getByRole('menuitem', { name: new RegExp(`^${text(name)}`) }));
  };
  const status = async () => (await fetch(`${url}/api/2.0/people/@self`, { headers: bearer(key) })).status;
  assert.equal(await status(), 200);
  await item('keys.disable');
  await toast(page, 'keys.disabled', { name: 'my script' }).waitFor();
  assert.equal(await status(), 401);
  await item('keys.remove.key');
  await press(button(dialog(page, 'keys.remove.title', { name: 'my script' }), 'keys.remove.confirm'));
  await toast(page, 'keys.removed', { name: 'my script' }).waitFor();
  await face(page, 'keys.empty').waitFor();
}

/** The lines to paste do what they say. */
async function runsAsShown(made, press, page, url, key) {
  const shown = async (language) => {
    await press(made.getByText(text(`keys.example.tab.${language}`), { exact: true }));
    const lines = made.getByRole('region', { name: text(`keys.example.tab.${language}`) });
    await lines.waitFor();
    return lines.innerText();
  };
  const runners = {
    curl: (lines) => run('sh', ['-ec', lines.replaceAll('curl ', 'curl -sfS ')]),
    node: (lines) => run(process.execPath, ['--input-type=module', '-e', lines]),
    python: (lines) => run('python3', ['-c', lines]),
  };
  for (const [language, runner] of Object.entries(runners)) {
    const lines = await shown(language);
    assert.ok(lines.includes(url) && lines.includes(key), lines);
    const { stdout } = await runner(lines);
    assert.ok(stdout.includes(text('keys.example.room')), stdout);
  }
  const { folders } = await call(url, key, 'GET', 'files/rooms');
  assert.equal(folders.length, Object.keys(runners).length);
}

function bearer(key) {
  return { Authorization: `Bearer ${key}` };
}
