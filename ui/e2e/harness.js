// What the browser tests stand on: an installation of one's own for each, the built binary on it, a proxy that can be
// slow, and Chromium.
//
// ENFILADE_BIN says which binary; without it, it is the debug build.
import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
export const ROOT = join(here, '../..');
const BINARY = process.env.ENFILADE_BIN ?? join(ROOT, 'target/debug/enfilade');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const EMAIL = 'owner@example.org';
export const PASSWORD = 'correct-horse-7';

/** How long a server may take to say that it listens, or to end. */
const PATIENCE = 30_000;
/** How long the page may take to come to what is expected. */
const PAGE_PATIENCE = 10_000;

export const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const catalogue = JSON.parse(readFileSync(join(here, '../messages/en.json'), 'utf8'));

/** A text of the catalogue, with its values put in: tests follow the words of the page. */
export function text(key, values = {}) {
  const entry = catalogue[key];
  assert.ok(entry !== undefined, `no text ${key}`);
  const form = typeof entry === 'string' ? entry : entry[values.count === 1 ? 'one' : 'other'];
  return form.replace(/\{(\w+)\}/g, (mark, name) => String(values[name] ?? mark));
}

/** Whatever the caller's environment holds, the binary sees only what the test says. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ENFILADE_')));
}

/** A data folder, and what runs on it. */
export class Installation {
  #folder = mkdtempSync(join(tmpdir(), 'enfilade-e2e-'));
  #server;

  get data() {
    return join(this.#folder, 'data');
  }

  /** Starts a server on a free port, or on the one given; its address, and the set-up address if it printed one. */
  async serve(port = 0) {
    assert.ok(existsSync(BINARY), `${BINARY} is missing: run \`cargo build\`, or set ENFILADE_BIN`);
    const words = ['serve', '--data', this.data, '--listen', `127.0.0.1:${port}`];
    const child = spawn(BINARY, words, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const server = { child, url: '', setup: undefined, log: '' };
    this.#server = server;
    child.stderr.on('data', (bytes) => (server.log = (server.log + bytes).slice(-20_000)));
    const lines = readline.createInterface({ input: child.stdout });
    await within(
      PATIENCE,
      () => `the server did not start:\n${server.log}`,
      new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${server.log}`)));
        // The lines come together; the set-up address is the last that matters.
        lines.on('line', (line) => {
          server.url ||= /listening on (http:\S+)/.exec(line)?.[1] ?? '';
          server.setup ??= /(http:\S+\/setup#token=\S+)/.exec(line)?.[1];
          if (server.url) setTimeout(resolve, 30);
        });
      }),
    );
    return server;
  }

  get port() {
    return Number(new URL(this.#server.url).port);
  }

  /** Ends the server as an operator would. */
  async stop(signal = 'SIGTERM') {
    const child = this.#server?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await within(PATIENCE, () => `the server did not end:\n${this.#server.log}`, ended);
  }

  /** Runs a command of the binary on this folder. */
  async command(words, input = '') {
    const running = promisify(execFile)(BINARY, [...words, '--data', this.data], { env: environment() });
    running.child.stdin.end(input);
    return (await running).stdout.trim();
  }

  async setUp() {
    await this.command(['setup', '--email', EMAIL, '--password-stdin'], PASSWORD);
  }

  /** The letters that were sent to an address, oldest first. Without a mail server, they go into a folder. */
  letters(to) {
    const folder = join(this.data, 'outbox');
    if (!existsSync(folder)) return [];
    // One that begins with a dot is still being written.
    const files = readdirSync(folder).filter((name) => /^\d.*\.eml$/.test(name));
    return files
      .sort()
      .map((name) => readable(readFileSync(join(folder, name), 'utf8')))
      .filter((letter) => letter.includes(to));
  }

  /** Where the next letter to an address leads that comes once `send` is done. */
  async linkFrom(to, send) {
    const before = this.letters(to).length;
    await send();
    const letter = await until(() => this.letters(to)[before], `a letter to ${to}`, PATIENCE);
    const path = /https?:\/\/[^\s"<>/]+(\/s\/[\w-]+)/.exec(letter)?.[1];
    assert.ok(path, letter);
    // The server may call itself by another name than the browser does.
    return this.#server.url + path;
  }

  key(name = 'test') {
    return this.command(['key', 'create', '--user', EMAIL, '--name', name]);
  }

  async remove() {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** An installation with its server, gone when the test is over. */
export async function install(t, { owner = true } = {}) {
  const installation = new Installation();
  t.after(() => installation.remove());
  const server = await installation.serve();
  if (owner) await installation.setUp();
  return { installation, server };
}

/** Calls the API with a key, as a script would. */
export async function call(url, key, method, path, body) {
  const reply = await fetch(`${url}/api/2.0/${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.equal(reply.status, 200, `${method} ${path}: ${await reply.clone().text()}`);
  return (await reply.json()).response;
}

/** A proxy before a server. `delay(path)` says how many milliseconds a request waits. */
export async function slowProxy(t, target) {
  const proxy = { url: '', delay: (_path) => 0 };
  const listener = http.createServer((request, response) => {
    const pass = () => {
      const { method, url, headers } = request;
      const onward = http.request(target + url, { method, headers }, (reply) => {
        response.writeHead(reply.statusCode, reply.headers);
        reply.pipe(response);
      });
      onward.on('error', () => response.destroy());
      request.pipe(onward);
    };
    setTimeout(pass, proxy.delay(request.url));
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${listener.address().port}`;
  t.after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return proxy;
}

/** Chromium with a profile of its own. */
export async function browse(t) {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  assert.ok(
    executablePath,
    'Chromium is missing: run tools/setup/packages test, or apt-get install chromium',
  );
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  t.after(() => browser.close());
  return browser;
}

/** What a page said and asked for that it should not have: errors, refusals of the policy, other origins. */
export function watch(page, url) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith('http') && asked.origin !== url) problems.push(`request to ${asked.href}`);
  });
  return problems;
}

/** A page in a context of its own. */
export async function open(browser, options = DESKTOP) {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_PATIENCE);
  return page;
}

/** Signs in without the form, for tests that are about something else. */
export async function signIn(page, url, email = EMAIL) {
  const data = { userName: email, password: PASSWORD };
  const reply = await page.request.post(`${url}/api/2.0/authentication`, { data });
  assert.equal(reply.status(), 200, await reply.text());
}

/** Signs in by the form. */
export async function signInByForm(page, password = PASSWORD, email = EMAIL) {
  await page.getByLabel(text('signIn.email')).fill(email);
  await page.getByLabel(text('signIn.password'), { exact: true }).fill(password);
  await page.getByRole('button', { name: text('signIn.submit') }).click();
}

export function button(scope, key, values) {
  return scope.getByRole('button', { name: text(key, values), exact: true });
}

export function dialog(page, key, values) {
  return page.getByRole('dialog', { name: text(key, values), exact: true });
}

/** The row or the tile of a room in the list. */
export function rowOf(page, title) {
  return page.locator('[data-index]').filter({ has: page.getByRole('link', { name: title, exact: true }) });
}

export function face(page, key) {
  return page.getByRole('heading', { name: text(key), exact: true });
}

export function toast(page, key, values) {
  return page.getByRole('region', { name: text('common.notifications') }).getByText(text(key, values));
}

export function clipboard(page) {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Waits until `look` gives something. */
export async function until(look, what, patience = PAGE_PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A letter as it is read: lines that were broken are whole again. */
function readable(letter) {
  const whole = letter.replace(/=\r?\n/g, '');
  return whole.replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

function within(patience, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(what())), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Signs the browser out without a word to the server: no page is left whose requests would be refused for it. */
export async function forgetSession(page) {
  await page.goto('about:blank');
  await page.context().clearCookies();
}
