// What goes wrong is met kindly: wrong passwords, sessions that end, servers that stop or are slow, addresses that lead
// nowhere or used to lead elsewhere.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import typescript from 'typescript';
import {
  browse,
  button,
  call,
  dialog,
  face,
  install,
  open,
  ROOT,
  rowOf,
  signIn,
  signInByForm,
  slowProxy,
  text,
  toast,
  until,
} from './harness.js';

test('a wrong password, then too many', async (t) => {
  const { server } = await install(t);
  const page = await open(await browse(t));
  await page.goto(`${server.url}/rooms?view=tiles`);
  await page.waitForURL('**/sign-in?next=**');
  assert.equal(await page.getByText(text('signIn.expired')).count(), 0, 'nobody was signed in');
  await signInByForm(page, 'wrong-horse-8');
  await page.getByText(text('signIn.wrong')).waitFor();
  assert.equal(await page.getByLabel(text('signIn.email')).inputValue(), 'owner@example.org');
  assert.ok(
    await page
      .getByLabel(text('signIn.password'), { exact: true })
      .evaluate((field) => field === document.activeElement),
    'the password can be typed again',
  );
  for (let time = 2; time <= 5; time++) {
    const answered = page.waitForResponse('**/api/2.0/authentication');
    await signInByForm(page, 'wrong-horse-8');
    await answered;
    await until(async () => (await page.locator('[aria-busy=true]').count()) === 0, 'the answer');
  }
  await signInByForm(page);
  await page.getByText(text('signIn.tooMany')).waitFor();
});

test('a session that ended', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await call(server.url, key, 'POST', 'files/rooms', { title: 'Alder', roomType: 2 });
  const page = await open(await browse(t));
  const cookies = async () =>
    (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const end = async () => {
    const headers = { Cookie: await cookies(), Origin: server.url };
    const reply = await fetch(`${server.url}/api/2.0/authentication/logout`, { method: 'POST', headers });
    assert.equal(reply.status, 200);
  };
  const acts = {
    'a room is archived': async () => {
      await rowOf(page, 'Alder').getByRole('link').focus();
      await page.keyboard.press('j');
      await page.keyboard.press('Delete');
    },
    'a room is made': async () => {
      await button(page, 'rooms.new').click();
      await dialog(page, 'rooms.new').getByLabel(text('rooms.form.title')).fill('Birch');
      await button(page, 'rooms.create').click();
    },
    'another list is asked for': () => page.getByLabel(text('rooms.search')).fill('Al'),
  };
  const after = {
    'a room is made': async () => {
      const form = dialog(page, 'rooms.new');
      await until(
        async () => (await form.getByLabel(text('rooms.form.title')).inputValue()) === 'Birch',
        'what was typed',
      );
      await button(form, 'rooms.create').click();
      await page.getByRole('heading', { name: 'Birch', exact: true }).waitFor();
      await page.goBack();
    },
  };
  for (const [name, act] of Object.entries(acts)) {
    await t.test(name, async () => {
      await signIn(page, server.url);
      await page.goto(`${server.url}/rooms?sort=title`);
      await rowOf(page, 'Alder').waitFor();
      await end();
      await act();
      await page.getByText(text('signIn.expired')).waitFor();
      await signInByForm(page);
      await page.waitForURL(/\/rooms\?.*sort=title/);
      await after[name]?.();
      await rowOf(page, 'Alder').waitFor();
    });
  }
});

test('a server that stops', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await call(server.url, key, 'POST', 'files/rooms', { title: 'Alder', roomType: 2 });
  const page = await open(await browse(t));
  await signIn(page, server.url);
  const { port } = installation;

  await t.test('what is on the screen stays, with a quiet line', async () => {
    await page.goto(`${server.url}/rooms`);
    await rowOf(page, 'Alder').waitFor();
    await otherPlaces(page);
    await installation.stop();
    await page
      .getByRole('navigation', { name: text('rooms.tabs') })
      .getByText(text('rooms.archive.title'))
      .click();
    await page.getByText(text('shell.unreached')).waitFor();
    await face(page, 'rooms.failed').waitFor();
    await page.getByText(text('error.unreachable')).first().waitFor();
    await page
      .getByRole('navigation', { name: text('rooms.tabs') })
      .getByText(text('rooms.title'))
      .click();
    await rowOf(page, 'Alder').waitFor();
  });

  await t.test('an action is rolled back, and says why', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('F2');
    await page.keyboard.type('Birch');
    await page.keyboard.press('Enter');
    const reason = text('error.unreachable');
    await toast(page, 'rooms.rename.failed', { title: 'Alder', reason }).waitFor();
    await rowOf(page, 'Alder').waitFor();
  });

  await t.test('a form keeps what was typed', async () => {
    await button(page, 'rooms.new').click();
    const form = dialog(page, 'rooms.new');
    await form.getByLabel(text('rooms.form.title')).fill('Cedar');
    await button(form, 'rooms.create').click();
    await form.getByText(text('error.unreachable')).waitFor();
    assert.equal(await form.getByLabel(text('rooms.form.title')).inputValue(), 'Cedar');
    await installation.serve(port);
    await button(form, 'rooms.create').click();
    await page.getByRole('heading', { name: 'Cedar', exact: true }).waitFor();
    await page.getByText(text('shell.unreached')).waitFor({ state: 'detached' });
  });

  await t.test('Try again works when it is back', async () => {
    await page.goto(`${server.url}/rooms`);
    await rowOf(page, 'Cedar').waitFor();
    await otherPlaces(page);
    await installation.stop('SIGKILL');
    await page
      .getByRole('navigation', { name: text('rooms.tabs') })
      .getByText(text('rooms.archive.title'))
      .click();
    await face(page, 'rooms.failed').waitFor();
    await installation.serve(port);
    await button(page, 'common.tryAgain').click();
    await face(page, 'rooms.archive.empty').waitFor();
    await page.getByText(text('shell.unreached')).waitFor({ state: 'detached' });
  });

  await t.test('the sign-in says so, and works when it is back', async () => {
    await page.goto(`${server.url}/sign-in`);
    await page.getByRole('heading', { name: text('signIn.title') }).waitFor();
    await installation.stop();
    await signInByForm(page);
    await page.getByText(text('signIn.unreachable')).waitFor();
    await installation.serve(port);
    await button(page, 'signIn.submit').click();
    await rowOf(page, 'Cedar').waitFor();
  });
});

test('a slow server', async (t) => {
  const { installation, server } = await install(t);
  const key = await installation.key();
  await call(server.url, key, 'POST', 'files/rooms', { title: 'Alder', roomType: 2 });
  const proxy = await slowProxy(t, server.url);
  const page = await open(await browse(t));

  await t.test('the sign-in says that it takes its time', async () => {
    await page.goto(`${proxy.url}/sign-in?next=/profile`);
    proxy.delay = (path) => (path.startsWith('/api/2.0/authentication') ? 2500 : 0);
    await signInByForm(page);
    await page.getByText(text('signIn.slow')).waitFor();
    assert.equal(await button(page, 'signIn.submit').getAttribute('aria-busy'), 'true');
    await page.waitForURL(`${proxy.url}/profile`);
  });

  await t.test('a skeleton stands in for the list, but not at once', async () => {
    proxy.delay = (path) => (path.startsWith('/api/2.0/files/rooms') ? 1200 : 0);
    const waited = await page.evaluate(
      async ([link, word]) => {
        const from = performance.now();
        const seen = new Promise((resolve) => {
          const look = () => {
            if (document.querySelector('main')?.textContent.includes(word)) resolve(performance.now() - from);
            else requestAnimationFrame(look);
          };
          look();
        });
        document.querySelector(`nav a[href="${link}"]`).click();
        return seen;
      },
      ['/rooms', text('common.loading')],
    );
    assert.ok(waited >= 150, `the skeleton came after ${waited} ms`);
    t.diagnostic(`the skeleton came after ${Math.round(waited)} ms`);
    await rowOf(page, 'Alder').waitFor();
    assert.equal(await page.getByText(text('common.loading')).count(), 0);
  });

  await t.test('a change shows at once', async () => {
    let letGo;
    const held = new Promise((resolve) => (letGo = resolve));
    await page.route('**/api/2.0/files/rooms/*', async (route) => {
      await held;
      await route.continue();
    });
    const isChange = (message) => message.method() === 'PUT';
    const asked = page.waitForRequest(isChange);
    const answered = page.waitForResponse((reply) => isChange(reply.request()));
    await page.keyboard.press('j');
    await page.keyboard.press('F2');
    await page.keyboard.type('Birch');
    await page.keyboard.press('Enter');
    await asked;
    // The server hears of it only afterwards.
    await rowOf(page, 'Birch').waitFor();
    letGo();
    assert.equal((await answered).status(), 200);
    await page.unroute('**/api/2.0/files/rooms/*');
  });
});

test('addresses', async (t) => {
  const { installation, server } = await install(t, { owner: false });
  const page = await open(await browse(t));

  await t.test('a set-up address that is void', async () => {
    await page.goto(`${server.url}/setup#token=0123456789abcdef`);
    await page.getByText(text('setup.void')).waitFor();
    await installation.setUp();
    await page.goto('about:blank');
    await page.goto(server.setup);
    await page.getByText(text('setup.void')).waitFor();
    await page.getByRole('link', { name: text('setup.toSignIn') }).click();
    await page.waitForURL('**/sign-in');
  });

  const key = await installation.key();
  const { id } = await call(server.url, key, 'POST', 'files/rooms', { title: 'Alder', roomType: 2 });

  await t.test('the way to a place leads over the sign-in', async () => {
    await page.goto(`${server.url}/rooms/${id}`);
    await page.waitForURL('**/sign-in?next=**');
    await signInByForm(page);
    await page.waitForURL(`**/rooms/${id}`);
  });

  await t.test('the sign-in leads to no other server', async () => {
    for (const next of ['//example.org/', 'https://example.org/', '/\\example.org', 'javascript:alert(1)']) {
      await page.goto(`${server.url}/sign-in?next=${encodeURIComponent(next)}`);
      await signInByForm(page);
      await page.waitForURL(`${server.url}/rooms`);
    }
  });

  await t.test("the reference's own lead to ours", async () => {
    const ways = {
      '/login': '/sign-in',
      '/wizard': '/setup',
      [`/rooms/shared/${id}/filter`]: `/rooms/${id}`,
      '/rooms/shared': '/rooms',
      '/rooms/shared/filter': '/rooms',
      '/rooms/personal/filter': '/rooms',
      [`/rooms/archived/${id}`]: `/rooms/${id}`,
      '/rooms/archived/filter': '/archive',
      '/developer-tools/api-keys': '/developer/keys',
      '/portal-settings/developer-tools/api-keys': '/developer/keys',
      '/developer-tools': '/developer/keys',
      '/portal-settings': '/settings',
      '/portal-settings/customization/general': '/settings',
      '/portal-settings/security/access-portal': '/settings/security',
      '/profile/login': '/profile/security',
      '/profile/interface-theme': '/profile/looks',
      '/profile/notifications': '/profile',
      '/my-profile': '/profile',
      '/accounts/view/@self': '/profile',
      '/accounts/people/filter': '/people',
      '/accounts/guests/filter': '/people/guests',
      '/accounts/groups/filter': '/people/groups',
      '/accounts/groups/5b1e8a3a-0d58-4a9c-8e43-0f6f1f1f7b10/filter':
        '/people/groups/5b1e8a3a-0d58-4a9c-8e43-0f6f1f1f7b10',
      '/': '/rooms',
    };
    const { REDIRECTS } = await redirects();
    for (const [pattern] of REDIRECTS)
      assert.ok(
        Object.keys(ways).some((path) => pattern.test(path)),
        `nothing walks ${pattern}`,
      );
    for (const [from, to] of Object.entries(ways)) {
      await page.goto(server.url + from);
      await until(() => new URL(page.url()).pathname === to, `${from} leads to ${to}, not ${page.url()}`);
    }
  });

  await t.test('a place survives a reload', async () => {
    const places = [
      '/rooms?q=al&type=2&sort=title&dir=desc&view=tiles&panel=details',
      '/archive?sort=created',
      `/rooms/${id}`,
      '/people?q=ow&type=DocSpaceAdmin&state=active&sort=added&dir=asc',
      '/people/guests?sort=email',
      '/people/groups?sort=members',
      '/developer/keys?q=test',
      '/profile',
      '/profile/security',
      '/profile/sessions',
      '/profile/looks',
      '/sign-in?forgotten',
    ];
    for (const place of places) {
      await page.goto(server.url + place);
      await page.getByRole('heading').first().waitFor();
      await page.reload();
      await page.getByRole('heading').first().waitFor();
      assert.equal(page.url(), server.url + place);
    }
  });

  await t.test('a page and a room that are not there', async () => {
    await page.goto(`${server.url}/nowhere/at/all`);
    await page.getByText(text('error.noPageText')).waitFor();
    await page.getByRole('link', { name: text('error.toRooms') }).click();
    await rowOf(page, 'Alder').waitFor();
    for (const missing of ['/rooms/987654', '/rooms/what']) {
      await page.goto(server.url + missing);
      await face(page, 'rooms.missing').waitFor();
    }
  });

  await t.test('the API answers for itself', async () => {
    const reply = await fetch(`${server.url}/api/2.0/nope`, { headers: { Accept: 'text/html' } });
    assert.equal(reply.status, 404);
    assert.match(reply.headers.get('content-type') ?? '', /^application\/json/);
    assert.equal((await reply.json()).statusCode, 404);
  });
});

/** They are fetched when the first one is there; afterwards they open without the server. */
async function otherPlaces(page) {
  await page.waitForTimeout(1000);
  await page.waitForLoadState('networkidle');
}

/** The table of the page itself. */
async function redirects() {
  const source = readFileSync(join(ROOT, 'ui/src/lib/redirects.ts'), 'utf8');
  const { outputText } = typescript.transpileModule(source, { compilerOptions: { module: 'esnext' } });
  return import(`data:text/javascript,${encodeURIComponent(outputText)}`);
}
