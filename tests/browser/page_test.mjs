// What a reader can do with a report page, tried in a browser without network.
// Environment: TRUNKLAB and SAMPLE_PAGE, the programs; NODE_MODULES, where playwright-core and axe-core are installed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { barriers, drag, measures, open, shownTimes, startBrowser, unreachable } from './browser.mjs';

const pageBytesMax = 3_000_000;
const folder = mkdtempSync(join(tmpdir(), 'trunklab-pages-'));
const pageFile = (name) => join(folder, `${name}.html`);
let browser;

function run(program, ...words) {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  assert.ok(status === 0 || status === 3, `${program} ${words.join(' ')}: ${status}: ${stderr}`);
}

function makePages() {
  const record = join(folder, 'demo.sqlite');
  run(process.env.SAMPLE_PAGE, folder);
  run(process.env.TRUNKLAB, 'demo', '-o', record);
  run(process.env.TRUNKLAB, 'report', record, '-o', pageFile('demo'));
  run(process.env.TRUNKLAB, 'report', record, '--format', 'json', '-o', join(folder, 'demo.json'));
}

/** A test with a page of its own; that page has done nothing wrong in the end. */
function pageTest(claim, name, options, body) {
  test(claim, async () => {
    const page = await open(browser, pageFile(name), options);
    try {
      await body(page);
      assert.deepEqual(page.problems, []);
    } finally {
      await page.context().close();
    }
  });
}

async function printed(page) {
  const path = join(folder, 'printed.pdf');
  await page.pdf({ path, format: 'A4', printBackground: true });
  return path;
}

before(async () => {
  makePages();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

describe('charts', () => {
  pageTest('dragging zooms all panels, a double click shows all again', 'demo', {}, async (page) => {
    const whole = await shownTimes(page);
    await drag(page, 0.4, 0.6);
    const part = await shownTimes(page);
    assert.ok(whole.length > 0);
    assert.equal(new Set(part).size, 1, 'all panels show the same window');
    assert.notEqual(part[0], whole[0]);
    await page.locator('.chart-box .panel-plot').first().dblclick();
    assert.deepEqual(await shownTimes(page), whole);
  });

  pageTest('a drag with shift moves the window and keeps its length', 'normal', {}, async (page) => {
    await drag(page, 0.4, 0.6);
    const length = () => page.evaluate(() => {
      const [from, until] = document.querySelector('.window').textContent.match(/\+\d+:\d\d:\d\d/g).map((text) =>
        text.slice(1).split(':').reduce((sum, part) => sum * 60 + Number(part), 0));
      return { from, length: until - from };
    });
    const before = await length();
    await page.keyboard.down('Shift');
    await drag(page, 0.6, 0.4);
    await page.keyboard.up('Shift');
    const moved = await length();
    assert.ok(moved.from > before.from);
    assert.ok(Math.abs(moved.length - before.length) <= 1);
  });

  pageTest('keys and buttons zoom and move', 'normal', {}, async (page) => {
    const said = () => page.locator('.chart-box .window').first().textContent();
    const whole = await said();
    await page.locator('.chart-tools button').first().focus();
    await page.keyboard.press('Shift+Tab');  // to the box around the tools
    await page.keyboard.press('+');
    const zoomed = await said();
    assert.match(zoomed, /\+0:15:00.*\+0:45:00/);
    await page.keyboard.press('ArrowLeft');
    assert.match(await said(), /\+0:07:30.*\+0:37:30/);
    await page.keyboard.press('0');
    assert.equal(await said(), whole);
    await page.locator('.chart-tools button').first().press('Enter');
    assert.equal(await said(), zoomed);
  });

  pageTest('hovering tells the values of all panels at one instant', 'normal', {}, async (page) => {
    const plot = page.locator('.chart-box .panel-plot').first();
    await plot.scrollIntoViewIfNeeded();
    await plot.hover();
    assert.match(await page.locator('.instant').first().textContent(), /^\d\d:\d\d:\d\d \(\+0:\d\d:\d\d\)$/);
    const values = await page.locator('.chart-box').first().locator('.value').allTextContents();
    assert.equal(values.length, 6);
    for (const value of values) assert.match(value, /^\d+$/);
  });

  pageTest('a line is hidden by its checkbox', 'normal', {}, async (page) => {
    const picture = () => page.evaluate(() => document.querySelector('.panel-plot canvas').toDataURL());
    const before = await picture();
    await page.locator('.panel-legend input').first().uncheck();
    const without = await picture();
    await page.locator('.panel-legend input').first().check();
    assert.notEqual(without, before);
    assert.equal(await picture(), before);
  });

  pageTest('lanes stand over the time they tell of', 'normal', {}, async (page) => {
    const bar = await page.locator('.chart-box .stretch.bad').first().boundingBox();
    const lane = await page.locator('.chart-box .lane-bars').first().boundingBox();
    assert.ok(Math.abs((bar.x - lane.x) / lane.width - 600 / 3600) < 0.002);
    assert.ok(Math.abs(bar.width / lane.width - 600 / 3600) < 0.002);
    assert.match(await page.locator('.chart-box .stretch.bad').first().getAttribute('title'), /^down of stockholm: 10:10:00 to 10:20:00/);
  });

  pageTest('the largest values in the page are those of the packed series', 'normal', {}, async (page) => {
    const pairs = await page.evaluate(async () => {
      const source = document.getElementById(document.querySelector('.chart-box').dataset.source);
      const panels = await trunklab.unpacked(JSON.parse(source.textContent));
      const largest = panels.flat().map((values) => values.reduce((most, value) => (value > most ? value : most), -Infinity));
      const rows = [...document.querySelectorAll('.chart tbody')][0].rows;
      return largest.map((value, row) => [value, Number(rows[row].cells[4].textContent)]);
    });
    assert.equal(pairs.length, 6);
    for (const [unpacked, told] of pairs) assert.equal(Number.isInteger(unpacked) ? unpacked : Number(unpacked.toPrecision(3)), told);
  });

  pageTest('thinning keeps peaks, holes and the order of extremes', 'normal', {}, async (page) => {
    const rows = await page.evaluate(() => {
      const values = new Float32Array(10_000).fill(5);
      values[7_777] = 90;
      values[7_779] = 1;
      values.fill(NaN, 2_000, 3_000);
      return trunklab.thinned([values], 1, 10_000, 0, 10_000, 100).map(([at, value]) => [at, Number.isNaN(value) ? 'hole' : value]);
    });
    assert.ok(rows.length <= 202);
    assert.deepEqual(rows.filter(([at]) => at >= 7_700 && at < 7_800).map(([, value]) => value), [90, 1]);
    assert.ok(rows.filter(([at]) => at >= 2_000 && at < 3_000).every(([, value]) => value === 'hole'));
  });

  pageTest('averages are means of what is known, and only where there are too many values', 'normal', {}, async (page) => {
    const rows = await page.evaluate(() => {
      const values = Float32Array.from({ length: 800 }, (_, step) => (step % 2 ? 4 : 2));
      values.fill(NaN, 401, 410);
      const thin = (until) => trunklab.thinned([values], 1, 800, 0, until, 100, true).map(([, value]) => value);
      return { all: thin(800), few: thin(100) };
    });
    assert.ok(rows.all.length < 100);
    assert.ok(rows.all.filter((value) => value !== 3).length <= 1, 'only the bucket with the hole has another mean');
    assert.deepEqual(rows.few.slice(0, 4), [2, 4, 2, 4]);
  });

  pageTest('a chart in a fold is drawn when the fold is opened', 'normal', {}, async (page) => {
    const fold = page.locator('details.fold:has(.chart-box)');
    assert.equal(await fold.locator('canvas').count(), 0);
    await fold.locator('summary').first().click();
    await fold.locator('canvas').first().waitFor();
  });

  pageTest('a narrow window makes the charts narrow', 'normal', {}, async (page) => {
    await page.setViewportSize({ width: 420, height: 800 });
    await page.waitForFunction(() => document.querySelector('.panel-plot canvas').clientWidth < 420);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 420), 'nothing is wider than the window');
  });

  const old = { prepare: () => { delete globalThis.DecompressionStream; } };
  pageTest('a browser that cannot unpack shows a sentence', 'normal', old, async (page) => {
    assert.match(await page.locator('.chart-box').first().textContent(), /cannot draw the chart/);
  });
});

describe('tables', () => {
  for (const name of ['demo', 'hostile']) {
    pageTest(`${name} does not scroll sideways on a phone, and links lead to headings that are seen`, name, { viewport: { width: 375, height: 700 } }, async (page) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 380), 'nothing is wider than the window');
      await page.setViewportSize({ width: 1200, height: 800 });
      for (const link of await page.locator('nav a').all()) {
        await link.click();
        const hidden = await page.evaluate(() => {
          const heading = document.querySelector(`${location.hash} h2`) ?? document.getElementById(location.hash.slice(1)).querySelector('h2');
          return document.querySelector('nav').getBoundingClientRect().bottom > heading.getBoundingClientRect().top;
        });
        assert.ok(!hidden, `the bar hides the heading of ${await link.textContent()}`);
      }
    });
  }

  pageTest('the search narrows the rows and tells how many are left', 'demo', {}, async (page) => {
    await page.evaluate(() => document.querySelectorAll('details.fold').forEach((fold) => { fold.open = true; }));
    const rows = page.locator('table.searchable').first().locator('tbody > tr:not(.detail)');
    const all = await rows.count();
    const word = (await rows.first().locator('th, td').first().textContent()).trim();
    await page.locator('.table-tools input[type=search]').first().fill(word);
    const left = await page.evaluate(() => [...document.querySelectorAll('table.searchable')[0].querySelectorAll('tbody > tr:not(.detail)')]
      .filter((row) => row.checkVisibility()).length);
    assert.ok(left >= 1 && left < all, `${left} of ${all} rows have "${word}"`);
    assert.equal(await page.locator('.table-tools .hits').first().textContent(), `${left} of ${all}`);
  });

  pageTest('a heading sorts by number, both ways, and says so', 'normal', {}, async (page) => {
    const table = page.locator('table.searchable').first();
    const delays = async () => (await table.locator('tbody > tr:not(.detail) > td').allTextContents()).map(parseFloat);
    const heading = table.locator('thead th').nth(1);
    await heading.locator('button').click();
    const rising = await delays();
    assert.deepEqual(rising, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
    await heading.locator('button').press('Enter');
    assert.deepEqual(await delays(), rising.reverse());
    assert.equal(await heading.getAttribute('aria-sort'), 'descending');
  });

  pageTest('the details of a row open by the keyboard and move with it', 'normal', {}, async (page) => {
    const table = page.locator('table.searchable').first();
    await table.locator('thead button').nth(1).click();
    await table.locator('summary').first().focus();
    await page.keyboard.press('Enter');
    assert.ok(await table.locator('tr.detail p').first().isVisible());
    assert.match(await table.locator('tr.detail summary').first().textContent(), /More of stockholm 12$/);
  });
});

describe('everybody', () => {
  test('the page finds what the JSON finds', async () => {
    const page = await open(browser, pageFile('demo'));
    const shown = await page.evaluate(() => [...document.querySelectorAll('#finding .finding li')].map((item) => {
      const copy = item.cloneNode(true);
      copy.querySelectorAll('.sign').forEach((sign) => sign.remove());
      return copy.textContent.trim();
    }));
    await page.context().close();
    const { finding } = JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'));
    assert.ok(finding.length > 0);
    assert.deepEqual(shown, finding);
  });

  for (const name of ['demo', 'normal']) {
    for (const colorScheme of ['light', 'dark']) {
      pageTest(`no barrier in ${name}, ${colorScheme}`, name, { colorScheme }, async (page) => {
        assert.deepEqual(await barriers(page), []);
        await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
        assert.deepEqual(await barriers(page), []);
      });
    }
    pageTest(`Tab reaches every control of ${name}`, name, {}, async (page) => {
      const { all, left } = await unreachable(page);
      assert.ok(all > 10);
      assert.deepEqual(left, []);
    });
  }

  pageTest('dark is dark, charts too, also when it comes later', 'normal', {}, async (page) => {
    const look = () => page.evaluate(() =>
      [getComputedStyle(document.body).backgroundColor, document.querySelector('.panel-plot canvas').toDataURL()]);
    const [paper, picture] = await look();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction((before) => document.querySelector('.panel-plot canvas').toDataURL() !== before, picture);
    assert.notEqual((await look())[0], paper);
  });

  pageTest('all sections and charts stand on paper', 'demo', {}, async (page) => {
    const titles = (await page.locator('h2').allTextContents()).map((title) => title.trim());
    const panels = await page.locator('.panel-plot').count();
    const file = await printed(page);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
    assert.ok(titles.length > 0);
    for (const title of titles) assert.ok(text.includes(title.replace(/\s+/g, ' ')), `"${title}" is on paper`);
    const pictures = execFileSync('pdfimages', ['-list', file], { encoding: 'utf8' }).split('\n').filter((line) => / image /.test(line));
    assert.ok(pictures.length >= panels, `${pictures.length} pictures of ${panels} panels are on paper`);
  });

  pageTest('paper is the same for those who read in the dark', 'normal', { colorScheme: 'dark' }, async (page) => {
    const pixels = (file) => execFileSync('pdftoppm', ['-r', '60', file], { maxBuffer: 1e9 });
    const dark = pixels(await printed(page));
    await page.emulateMedia({ colorScheme: 'light' });
    assert.ok(dark.equals(pixels(await printed(page))));
  });

  pageTest('names that look like markup are text', 'hostile', {}, async (page) => {
    const normal = await open(browser, pageFile('normal'));
    const elements = (each) => each.evaluate(() => ({ scripts: document.scripts.length, images: document.images.length }));
    assert.deepEqual(await elements(page), await elements(normal));
    await normal.context().close();
    for (const place of ['h1', 'figcaption', '.lane-name[title*=edge]', '.series-name', 'table.searchable tbody th', '#load h2', 'ul.finding li'])
      assert.match(await page.locator(place).first().innerText(), /<script>alert\(1\)<\/script>/, place);
    await page.evaluate(() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; }));
  });
});

describe('size and speed', () => {
  for (const name of ['demo', 'day']) {
    pageTest(`${name} is small`, name, {}, async (page) => {
      const [ready] = await measures(page, 'charts-ready');
      for (const key of ['+', '+', '+', '-', 'ArrowLeft', '0']) await page.locator('.chart-box').first().press(key);
      const { size } = statSync(pageFile(name));
      console.log(`${name}: ${(size / 1e6).toFixed(2)} MB, ready after ${ready} ms, zooms took ${await measures(page, 'zoom')} ms`);
      assert.ok(size <= pageBytesMax);
    });
  }
});
