// Every page and dialog, light and dark: axe finds nothing serious, the console stays silent, the policy refuses
// nothing, and nobody else's server is asked for anything.
import assert from 'node:assert/strict';
import test from 'node:test';
import { findings, LOOKS, openWithAxe } from './axe.js';
import { browse, button, call, dialog, face, install, rowOf, signIn, text, watch } from './harness.js';

for (const [looks, options] of Object.entries(LOOKS)) {
  test(`every page is within reach: ${looks}`, async (t) => {
    const { installation, server } = await install(t, { owner: false });
    const page = await openWithAxe(await browse(t), options);
    const problems = watch(page, server.url);
    const found = [];
    const look = async (place) => found.push(...(await findings(page, place)));
    const visit = (path) => page.goto(server.url + path);
    const leave = async (open) => {
      await page.keyboard.press('Escape');
      await open.waitFor({ state: 'detached' });
    };

    await page.goto(server.setup);
    await page.getByLabel(text('setup.email')).fill('nobody');
    await button(page, 'setup.submit').click();
    await page.getByText(text('password.invalid')).waitFor();
    await look('set-up');
    await visit('/setup');
    await page.getByText(text('setup.voidTitle')).waitFor();
    await look('set-up, void');
    await installation.setUp();
    await visit('/sign-in');
    await button(page, 'signIn.submit').click();
    await page.getByText(text('signIn.emailMissing')).waitFor();
    await look('sign-in');

    await signIn(page, server.url);
    await visit('/rooms');
    await face(page, 'rooms.empty').waitFor();
    await look('rooms, empty');
    await visit('/archive');
    await face(page, 'rooms.archive.empty').waitFor();
    await look('archive, empty');

    const key = await installation.key();
    const ids = [];
    for (const [at, roomType] of [2, 6, 5, 1, 8, 2, 6, 5, 1, 8, 2, 2].entries()) {
      const room = {
        title: `Room ${at + 1}`,
        roomType,
        tags: ['one', 'two', 'three'],
        description: 'Words.',
      };
      ids.push((await call(server.url, key, 'POST', 'files/rooms', room)).id);
    }
    await call(server.url, key, 'PUT', `files/rooms/${ids[0]}/archive`);
    await visit('/rooms');
    await rowOf(page, 'Room 2').waitFor();
    await look('rooms, rows');
    await page.getByRole('button', { name: text('rooms.menu', { title: 'Room 2' }) }).click();
    await page.getByRole('menuitem').first().waitFor();
    await look('rooms, menu');
    await leave(page.getByRole('menu'));
    await page.getByRole('checkbox', { name: text('rooms.select', { title: 'Room 2' }) }).click();
    await page.getByRole('toolbar').waitFor();
    await look('rooms, chosen');
    await visit('/rooms?panel=details');
    await page.getByRole('link', { name: text('rooms.open') }).waitFor();
    await look('rooms, details');
    await visit('/rooms?view=tiles');
    await rowOf(page, 'Room 2').waitFor();
    await look('rooms, tiles');
    await visit('/rooms?q=nowhere');
    await face(page, 'rooms.nothing').waitFor();
    await look('rooms, nothing');

    await visit('/rooms');
    await button(page, 'rooms.new').click();
    await dialog(page, 'rooms.new').waitFor();
    await button(page, 'rooms.create').click();
    await look('new room');
    await leave(dialog(page, 'rooms.new'));

    await visit('/archive');
    await rowOf(page, 'Room 1').waitFor();
    await look('archive');
    await visit(`/rooms/${ids[0]}`);
    await button(page, 'rooms.restore').waitFor();
    await look('room, archived');
    await button(page, 'rooms.remove').click();
    await dialog(page, 'rooms.remove.title', { count: 1, title: 'Room 1' }).waitFor();
    await look('deletion');
    await visit(`/rooms/${ids[1]}`);
    await button(page, 'rooms.edit').click();
    await dialog(page, 'rooms.edit').waitFor();
    await look('room, edited');
    await leave(dialog(page, 'rooms.edit'));
    await look('room');

    await page.keyboard.press('?');
    await dialog(page, 'help.title').waitFor();
    await look('help');
    await leave(dialog(page, 'help.title'));
    await page.keyboard.press('Control+k');
    await dialog(page, 'palette.title').getByRole('combobox').fill('Room 2');
    await page.getByRole('option', { name: 'Room 2' }).waitFor();
    await look('palette');
    await leave(dialog(page, 'palette.title'));
    await visit('/profile');
    await page.getByLabel(text('profile.first')).waitFor();
    await look('profile');

    await visit('/developer/keys');
    const listed = page.getByRole('grid', { name: text('keys.title') }).getByText('test', { exact: true });
    await listed.waitFor();
    await look('keys');
    await button(page, 'keys.new').click();
    const form = dialog(page, 'keys.new');
    await form.getByText(text('keys.access.some')).click();
    await button(form, 'keys.create').click();
    await form.getByText(text('keys.form.name.needed')).waitFor();
    await look('new key');
    await form.getByText(text('keys.access.all'), { exact: true }).click();
    await form.getByLabel(text('keys.form.name')).fill('script');
    await button(form, 'keys.create').click();
    const made = dialog(page, 'keys.shown.title', { name: 'script' });
    await made.waitFor();
    await look('key, shown');
    await button(made, 'keys.shown.done').click();
    await made.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: text('keys.menu', { name: 'script' }) }).click();
    await page.getByRole('menuitem', { name: text('keys.remove.key') }).click();
    await dialog(page, 'keys.remove.title', { name: 'script' }).waitFor();
    await look('deletion of a key');
    await leave(dialog(page, 'keys.remove.title', { name: 'script' }));

    await visit('/settings');
    await page.getByLabel(text('settings.title.field')).waitFor();
    await look('settings, general');
    await visit('/settings/security');
    await page.getByRole('switch', { name: text('settings.factor.app') }).click();
    await page.getByLabel(text('settings.attempts.blockTime')).waitFor();
    await button(page, 'settings.save').first().click();
    await dialog(page, 'settings.factor.ask').waitFor();
    await look('settings, second step');
    await leave(dialog(page, 'settings.factor.ask'));
    await look('settings, security');

    await visit('/nowhere');
    await page.getByText(text('error.noPageText')).waitFor();
    await look('no such page');

    assert.deepEqual(found, []);
    assert.deepEqual(problems, []);
  });
}
