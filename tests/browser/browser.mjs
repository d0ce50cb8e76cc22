// Chromium without network, and pages in it that tell what they did wrong.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const installed = createRequire(resolve(process.env.NODE_MODULES ?? 'node_modules') + '/');
const { chromium } = installed('playwright-core');
const axeSource = readFileSync(installed.resolve('axe-core/axe.min.js'), 'utf8');

const switches = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export function startBrowser() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: switches });
}

/**
 * Opens a file and waits until its charts are drawn. `page.problems` collects console errors, exceptions, dialogs, and requests for anything but the
 * file itself. `prepare`: runs in the page before its own scripts.
 */
export async function open(browser, file, { prepare, ...options } = {}) {
  const context = await browser.newContext({ offline: true, viewport: { width: 1280, height: 900 }, colorScheme: 'light', ...options });
  const page = await context.newPage();
  const address = pathToFileURL(file).href;
  page.problems = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) page.problems.push(`console: ${message.text()}`); });
  page.on('pageerror', (error) => page.problems.push(`exception: ${error.message}`));
  page.on('request', (request) => { if (request.url() !== address) page.problems.push(`request: ${request.url()}`); });
  page.on('dialog', (dialog) => { page.problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  if (prepare) await page.addInitScript(prepare);
  await page.goto(address);
  await page.waitForSelector('html[data-ready=yes]', { state: 'attached' });
  return page;
}

/** Violations that axe-core calls serious or critical, one line each. */
export async function barriers(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return violations.filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target} (${node.failureSummary})`).join(' | ')}`);
}

/** Controls that Tab does not reach, walking from the top of the page until it ends or begins again. */
export async function unreachable(page) {
  const all = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]')].filter((each) => each.checkVisibility());
    globalThis.walk = { controls, left: new Set(controls) };
    document.activeElement?.blur();
    scrollTo(0, 0);
    return controls.length;
  });
  for (let press = 0; press < 2 * all + 20; ++press) {
    await page.keyboard.press('Tab');
    const ended = await page.evaluate(() => {
      const at = document.activeElement;
      if (globalThis.walk.seen?.has(at) || at === document.body) return true;
      (globalThis.walk.seen ??= new Set()).add(at);
      globalThis.walk.left.delete(at);
      return globalThis.walk.left.size === 0;
    });
    if (ended) break;
  }
  const left = await page.evaluate(() => [...globalThis.walk.left].map((each) => each.outerHTML.slice(0, 100)));
  return { all, left };
}

/** What each panel of the first chart shows: the labels of its time axis. */
export function shownTimes(page) {
  return page.evaluate(() => [...document.querySelector('.chart-box').querySelectorAll('.panel-plot')]
    .map((plot) => [...plot.querySelectorAll('.dygraph-axis-label-x')].map((label) => label.textContent).join(' ')));
}

/** Drags the mouse over the first panel of the first chart; places are parts of its width. */
export async function drag(page, from, until) {
  const plot = page.locator('.chart-box .panel-plot').first();
  await plot.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await plot.boundingBox();
  await page.mouse.move(x + width * from, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * (from + until) / 2, y + height / 2);
  await page.mouse.move(x + width * until, y + height / 2);
  await page.mouse.up();
}

/** How long in milliseconds the page's measures of a name took. */
export function measures(page, name) {
  return page.evaluate((wanted) => performance.getEntriesByName(wanted, 'measure').map((each) => Math.round(each.duration * 10) / 10), name);
}
