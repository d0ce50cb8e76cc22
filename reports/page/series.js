'use strict';
// What the charts compute before they draw: unpacked series, as few points as a window needs, clock times for the axis.
const trunklab = {};

(() => {
  /** Bytes from base64 of deflated bytes (RFC 1950). */
  async function inflated(base64) {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** One array of `steps` values for each scale; NaN = not known. A token is 0, or 1 + zigzag(difference to the value before). */
  function decoded(bytes, steps, scales) {
    let at = 0;
    const token = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[at++];
        value += (byte & 0x7f) * factor;
        if (!(byte & 0x80)) return value;
      }
    };
    return scales.map((scale) => {
      const values = new Float32Array(steps);
      let quantum = 0;
      for (let step = 0; step < steps; ++step) {
        const next = token() - 1;
        if (next >= 0) quantum += next % 2 ? -(next + 1) / 2 : next / 2;
        values[step] = next < 0 ? NaN : quantum / scale;
      }
      return values;
    });
  }

  /** The series of each panel of a chart: unpacked(chart)[panel][series][step]. */
  async function unpacked(chart) {
    const scales = chart.panels.flatMap((panel) => panel.series.map((series) => series.scale));
    const all = decoded(await inflated(chart.data), chart.steps, scales);
    return chart.panels.map((panel) => all.splice(0, panel.series.length));
  }

  /** Writes the smallest and the largest of values[from, until) in the order in which they happened; NaN where nothing is known. */
  function writeExtremes(values, from, until, first, second, place) {
    let low = NaN, high = NaN, lowAt = 0, highAt = 0;
    for (let at = from; at < until; ++at) {
      const value = values[at];
      if (value !== value) continue;
      if (!(value >= low)) { low = value; lowAt = at; }
      if (!(value <= high)) { high = value; highAt = at; }
    }
    first[place] = lowAt < highAt ? low : high;
    second[place] = lowAt < highAt ? high : low;
  }

  /** How many values become one: 1 while there are no more than two a pixel. Averages are of round times and of some pixels, else they are noise. */
  function binSize(step, from, until, pixels, average) {
    const shown = (until - from) / step;
    if (shown <= 2 * pixels) return 1;
    return average ? Math.ceil(tickDistance(until - from, pixels / 4) / step) : Math.ceil(shown / pixels);
  }

  function meanOf(values, from, until) {
    let sum = 0, known = 0;
    for (let at = from; at < until; ++at) if (!Number.isNaN(values[at])) { sum += values[at]; ++known; }
    return known ? sum / known : NaN;
  }

  /**
   * Rows [seconds, value of each series] for the window [from, until] in seconds: every step if there are at most two for each pixel, else two rows
   * for each bucket of steps, which keep its smallest and its largest value. Buckets begin at multiples of their size, so that a moved window shows
   * the same picture. With `average` a bucket is one row with its mean. One step before and behind the window is included where there is one; the
   * last row repeats the last value at its end.
   */
  function thinned(series, step, steps, from, until, pixels, average) {
    const size = binSize(step, from, until, pixels, average);
    const begin = Math.max(0, Math.floor(from / step / size - 1) * size);
    const end = Math.min(steps, Math.ceil(until / step / size + 1) * size);
    const rows = [];
    for (let at = begin; at < end; at += size) {
      const first = [at * step];
      if (size === 1) {
        for (let place = 0; place < series.length; ++place) first.push(series[place][at]);
        rows.push(first);
        continue;
      }
      const last = Math.min(at + size, end);
      if (average) {
        for (let place = 0; place < series.length; ++place) first.push(meanOf(series[place], at, last));
        rows.push(first);
        continue;
      }
      const second = [(at + last) / 2 * step];
      for (let place = 0; place < series.length; ++place) writeExtremes(series[place], at, last, first, second, place + 1);
      rows.push(first, second);
    }
    if (rows.length) rows.push([end * step, ...rows[rows.length - 1].slice(1)]);
    return rows;
  }

  const twoDigits = (number) => String(number).padStart(2, '0');

  /** "10:04:07", with tenths where the instant has some; days by isoDay. `seconds`: since 1970 on the shown clock. */
  function clockText(seconds, withSeconds = true) {
    const tenths = Math.round(seconds * 10);
    const whole = Math.floor(tenths / 10);
    const inDay = ((whole % 86400) + 86400) % 86400;
    const minutes = `${twoDigits(Math.floor(inDay / 3600))}:${twoDigits(Math.floor(inDay / 60) % 60)}`;
    const rest = tenths - whole * 10;
    return withSeconds ? `${minutes}:${twoDigits(inDay % 60)}${rest ? `.${rest}` : ''}` : minutes;
  }

  function isoDay(seconds) {
    return new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 10);
  }

  /** "+1:02:03": time since the start. */
  function sinceStart(seconds) {
    const whole = Math.floor(seconds + 1e-6);
    return `+${Math.floor(whole / 3600)}:${twoDigits(Math.floor(whole / 60) % 60)}:${twoDigits(whole % 60)}`;
  }

  const distances = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

  /** Seconds between two ticks so that at most `count` fit into the window: what divides a day, or whole days. */
  function tickDistance(length, count) {
    const wanted = length / Math.max(1, count);
    return distances.find((distance) => distance >= wanted) ?? Math.ceil(wanted / 86400) * 86400;
  }

  /** Ticks {v: seconds since the start, label} at round times of the clock that reads `clock` at 0; midnight is told by its day. */
  function clockTicks(from, until, count, clock) {
    const distance = tickDistance(until - from, count);
    const ticks = [];
    for (let at = Math.ceil((from + clock) / distance - 1e-9); at * distance - clock <= until; ++at) {
      const shown = at * distance;
      const midnight = Math.round(shown) % 86400 === 0;
      ticks.push({ v: shown - clock, label: midnight ? isoDay(shown + 0.5) : clockText(shown, distance < 60) });
    }
    return ticks;
  }

  /** A value for people: four digits that count, whole numbers whole. */
  function numberText(value) {
    if (!Number.isFinite(value)) return '–';
    return Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 6 });
  }

  Object.assign(trunklab, { unpacked, decoded, binSize, thinned, clockText, isoDay, sinceStart, clockTicks, numberText });
})();
