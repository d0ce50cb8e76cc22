'use strict';
// What readers do with charts - drag, hover, press keys, print, change to dark - and the start of all charts of a page.
(() => {
  const paperWidth = 630, clickPixels = 4;
  const missing = 'This browser cannot draw the chart. Its figures stand in the table below.';

  /** The values of all panels at one instant, and the hair over all panels. */
  function hover(chart, pixel) {
    const { step, steps } = chart.chart;
    const at = chart.instantAt(pixel);
    const place = Math.min(steps - 1, Math.floor(at / step));
    chart.hair.hidden = false;
    chart.hair.style.left = `${chart.pixel(at)}px`;
    chart.instantText.textContent = `${trunklab.clockText(chart.clock + place * step)} (${trunklab.sinceStart(place * step)})`;
    chart.panels.forEach((panel, index) => {
      panel.outputs.forEach((output, series) => { output.textContent = trunklab.numberText(chart.values[index][series][place]); });
    });
  }

  function leave(chart) {
    chart.hair.hidden = true;
    chart.instantText.textContent = '';
    for (const panel of chart.panels) for (const output of panel.outputs) output.textContent = '';
  }

  /** Drag selects a window, drag with shift moves it. Pointer places are pixels from the stage's left. */
  function pointer(chart) {
    const placeOf = (event) => event.clientX - chart.stage.getBoundingClientRect().left;
    let drag = null;
    const begin = (event) => {
      if (event.button !== 0) return;
      drag = { at: placeOf(event), moves: event.shiftKey, from: chart.from, until: chart.until };
      event.target.setPointerCapture(event.pointerId);
    };
    const move = (event) => {
      const at = placeOf(event);
      if (!drag) return hover(chart, at);
      if (drag.moves) {
        const moved = (drag.at - at) / chart.plotWidth * (drag.until - drag.from);
        return chart.show(drag.from + moved, drag.until + moved);
      }
      const [left, right] = [drag.at, at].map((each) => chart.pixel(chart.instantAt(each))).sort((a, b) => a - b);
      chart.selection.hidden = false;
      Object.assign(chart.selection.style, { left: `${left}px`, width: `${right - left}px` });
    };
    const end = (event) => {
      const from = drag;
      drag = null;
      chart.selection.hidden = true;
      if (!from || from.moves || event.type === 'pointercancel' || Math.abs(placeOf(event) - from.at) < clickPixels) return;
      const [first, second] = [from.at, placeOf(event)].map((each) => chart.instantAt(each)).sort((a, b) => a - b);
      chart.show(first, second);
    };
    for (const { plot } of chart.panels) {
      plot.addEventListener('pointerdown', begin);
      plot.addEventListener('pointermove', move);
      plot.addEventListener('pointerup', end);
      plot.addEventListener('pointercancel', end);
      plot.addEventListener('pointerleave', () => { if (!drag) leave(chart); });
      plot.addEventListener('dblclick', () => chart.act('0'));
      plot.addEventListener('mousedown', (event) => event.preventDefault());  // no text is selected while dragging
    }
  }

  function keys(chart) {
    chart.box.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (chart.act(event.key)) event.preventDefault();
    });
  }

  /** A chart that is drawn, or a sentence in its place. */
  async function started(box) {
    try {
      if (typeof Dygraph === 'undefined' || typeof DecompressionStream === 'undefined') throw new Error(missing);
      const chart = new trunklab.Chart(box);
      await chart.prepare();
      pointer(chart);
      keys(chart);
      return chart;
    } catch (problem) {
      box.textContent = missing;
      if (problem.message !== missing) console.error(problem);
      return null;
    }
  }

  /** Chromium prints a canvas that was drawn just before without what lies in its clipped area, unless somebody looked at it. */
  function settled(chart, draw) {
    draw();
    const look = document.createElement('canvas').getContext('2d');
    for (const canvas of chart.stage.querySelectorAll('canvas')) if (canvas.width && canvas.height) look.drawImage(canvas, 0, 0);
  }

  /** On paper all charts are drawn, those in folds too. */
  async function start() {
    const charts = (await Promise.all([...document.querySelectorAll('.chart-box')].map(started))).filter(Boolean);
    const redraw = () => charts.forEach((chart) => settled(chart, () => chart.draw()));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    matchMedia('print').addEventListener('change', redraw);
    addEventListener('beforeprint', () => charts.forEach((chart) => settled(chart, () => chart.fit(paperWidth))));
    addEventListener('afterprint', () => charts.forEach((chart) => chart.fitStage()));
    if (charts.length) performance.measure('charts-ready');
    document.documentElement.dataset.ready = 'yes';
  }

  start();
})();
