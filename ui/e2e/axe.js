// What axe finds on a page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { DESKTOP, open, PHONE } from './harness.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The serious and critical findings, one line each. */
export async function findings(page, place) {
  // A colour half-way through its fade is nobody's fault.
  await page.evaluate(() => {
    const ending = document
      .getAnimations()
      .filter((motion) => motion.effect.getComputedTiming().endTime < Infinity);
    // One whose element goes meanwhile never finishes.
    return Promise.allSettled(ending.map((motion) => motion.finished));
  });
  const violations = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
    return violations;
  }, TAGS);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${place}: ${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}

/** A page that carries axe; the policy allows no script that is not the page's own, but a debugger's. */
export async function openWithAxe(browser, options) {
  const page = await open(browser, options);
  await page.addInitScript(AXE);
  return page;
}

/** In which every page is looked at. */
export const LOOKS = {
  light: { ...DESKTOP, colorScheme: 'light' },
  dark: { ...DESKTOP, colorScheme: 'dark' },
  'light, on a phone': { ...PHONE, colorScheme: 'light' },
};
