'use strict';
// How a time chart is built and drawn: panels and lanes above each other on one time axis. Names of users only ever become text nodes.
(() => {
  const plotHeight = 170, edgeRight = 12, gutterMin = 58, gutterMax = 150, gutterShare = 0.22, pixelsPerTick = 85, stepsMin = 5;
  const dashes = [undefined, [7, 3], [2, 2]];
  const colourOf = (place) => `--series-${place % 8 + 1}`;
  const property = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function element(name, className, text = '') {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function dashOf(place) {
    return dashes[Math.floor(place / 8) % dashes.length];
  }

  class Chart {
    constructor(box) {
      this.box = box;
      this.chart = JSON.parse(document.getElementById(box.dataset.source).textContent);
      this.clock = this.chart.start + this.chart.offset;
      this.from = 0;
      this.until = this.chart.length;
      this.graphs = [];
      this.width = 0;
    }

    async prepare() {
      this.values = await trunklab.unpacked(this.chart);
      const caption = this.box.parentElement.querySelector('figcaption');
      this.box.tabIndex = 0;
      this.box.setAttribute('role', 'group');
      this.box.setAttribute('aria-label', `Chart: ${caption ? caption.textContent : ''}. Keys: + and - zoom, arrows move, 0 shows all.`);
      this.box.append(this.toolbar());
      this.stage = this.box.appendChild(element('div', 'stage'));
      this.stage.style.position = 'relative';
      this.addLanes();
      this.panels = this.chart.panels.map((panel, place) => this.panel(panel, place));
      this.hair = this.mark('var(--text-soft)', 1);
      this.selection = this.mark('var(--shade)', 1);
      new ResizeObserver(() => this.fitStage()).observe(this.stage);
      this.fitStage();
    }

    /** An upright mark over everything that shares the time axis; hidden until it is placed. */
    mark(colour, width) {
      const mark = this.stage.appendChild(element('div', 'mark'));
      Object.assign(mark.style, { position: 'absolute', top: 0, bottom: 0, width: `${width}px`, background: colour, pointerEvents: 'none' });
      mark.hidden = true;
      return mark;
    }

    toolbar() {
      const tools = element('div', 'chart-tools');
      tools.setAttribute('role', 'toolbar');
      tools.setAttribute('aria-label', 'Window of time');
      const actions = [['+', 'Zoom in', '+'], ['−', 'Zoom out', '-'], ['←', 'Earlier', 'ArrowLeft'], ['→', 'Later', 'ArrowRight'], ['All', 'Show all', '0']];
      for (const [text, title, key] of actions) {
        const button = tools.appendChild(element('button', '', text));
        button.type = 'button';
        button.title = title;
        if (text !== 'All') button.setAttribute('aria-label', title);
        button.addEventListener('click', () => this.act(key));
      }
      this.windowText = tools.appendChild(element('span', 'window'));
      this.windowText.setAttribute('role', 'status');
      this.instantText = tools.appendChild(element('span', 'window instant'));
      return tools;
    }

    addLanes() {
      const { lanes, shaded } = this.chart;
      const box = this.stage.appendChild(element('div', 'lanes'));
      this.lanes = lanes.map((lane) => ({ name: lane.name, stretches: lane.stretches, words: false }));
      const faults = shaded.map(([from, until, text]) => [from, until, text, 'fault']);
      if (faults.length) this.lanes.unshift({ name: 'Faults', stretches: faults, words: true });
      for (const lane of this.lanes) {
        const row = box.appendChild(element('div', 'lane'));
        lane.label = row.appendChild(element('div', 'lane-name', lane.name));
        lane.label.title = lane.name;
        lane.bars = row.appendChild(element('div', 'lane-bars'));
      }
    }

    panel(panel, place) {
      const box = this.stage.appendChild(element('div', 'panel'));
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', panel.title);
      const title = box.appendChild(element('div', 'panel-title', panel.unit ? `${panel.title} (${panel.unit})` : panel.title));
      const note = title.appendChild(element('span', 'panel-note'));
      const legend = box.appendChild(element('div', 'panel-legend'));
      const made = { plot: element('div', 'panel-plot'), note, shown: panel.series.map(() => true), outputs: [] };
      made.plot.style.touchAction = 'pan-y';
      panel.series.forEach((series, index) => made.outputs.push(this.legendEntry(legend, series.name, index, (on) => {
        made.shown[index] = on;
        if (this.graphs[place]) this.graphs[place].updateOptions({ visibility: made.shown });
      })));
      box.append(made.plot);
      return made;
    }

    legendEntry(legend, name, index, changed) {
      const label = legend.appendChild(element('label'));
      const check = label.appendChild(element('input'));
      check.type = 'checkbox';
      check.checked = true;
      check.addEventListener('change', () => changed(check.checked));
      const swatch = label.appendChild(element('span', 'swatch'));
      const colour = `var(${colourOf(index)})`, dash = dashOf(index);
      swatch.style.background = dash ? `repeating-linear-gradient(to right, ${colour} 0 ${dash[0]}px, transparent 0 ${dash[0] + dash[1]}px)` : colour;
      label.append(element('span', 'series-name', name));
      const output = label.appendChild(element('span', 'value'));
      output.style.minWidth = '3.5em';
      return output;
    }

    /** In a closed fold there is nothing to see; the observer tells when it opens. */
    fitStage() {
      if (this.stage.checkVisibility()) this.fit(this.stage.clientWidth);
    }

    /** Draws for a width in pixels. */
    fit(width) {
      if (!width || width === this.width) return;
      this.width = width;
      const names = this.lanes.some((lane) => !lane.words);
      this.gutter = names ? Math.round(Math.min(gutterMax, Math.max(gutterMin, width * gutterShare))) : gutterMin;
      this.left = this.gutter + 6;
      this.plotWidth = Math.max(40, width - this.left - edgeRight);
      for (const graph of this.graphs) graph.resize(width, plotHeight);
      this.draw();
    }

    /** What depends on the window, the width and the colours. */
    options(place) {
      const axis = { gridLineColor: property('--line'), axisLineColor: property('--line') };
      const count = Math.max(2, Math.floor(this.plotWidth / pixelsPerTick));
      const { step, steps } = this.chart;
      const series = this.values[place];
      const average = this.chart.panels[place].average;
      const rows = trunklab.thinned(series, step, steps, this.from, this.until, this.plotWidth, average);
      const size = average ? trunklab.binSize(step, this.from, this.until, this.plotWidth, true) : 1;
      this.panels[place].note.textContent = size > 1 ? ` averages of ${trunklab.numberText(size * step)} s` : '';
      return {
        file: rows.length ? rows : [[0, ...series.map(() => NaN)]],
        dateWindow: [this.from, this.until],
        colors: series.map((each, index) => property(colourOf(index))),
        axes: {
          x: { ...axis, axisLabelWidth: 80, axisTickSize: 7, ticker: (from, until) => trunklab.clockTicks(from, until, count, this.clock) },
          y: { ...axis, axisLabelWidth: this.gutter, axisLabelFormatter: trunklab.numberText },
        },
      };
    }

    graph(place) {
      const { file, ...options } = this.options(place);
      const labels = ['time', ...this.values[place].map((each, index) => `series ${index}`)];
      return new Dygraph(this.panels[place].plot, file, {
        ...options, labels, width: this.width, height: plotHeight, legend: 'never', interactionModel: {}, highlightCircleSize: 0, stepPlot: true,
        includeZero: true, strokeWidth: 1.4, rightGap: edgeRight, axisLabelFontSize: 12, visibility: this.panels[place].shown,
        series: Object.fromEntries(labels.slice(1).map((label, index) => [label, { strokePattern: dashOf(index) ?? null }])),
        underlayCallback: (context, area, graph) => this.shade(context, area, graph),
      });
    }

    draw() {
      if (!this.width) return;
      this.panels.forEach((panel, place) => {
        if (this.graphs[place]) this.graphs[place].updateOptions(this.options(place));
        else this.graphs[place] = this.graph(place);
      });
      for (const lane of this.lanes) this.drawLane(lane);
      const instant = (at) => `${trunklab.isoDay(this.clock + at)} ${trunklab.clockText(this.clock + at)} (${trunklab.sinceStart(at)})`;
      this.windowText.textContent = `${instant(this.from)} to ${instant(this.until)}`;
    }

    shade(context, area, graph) {
      context.fillStyle = property('--shade');
      for (const [from, until] of this.chart.shaded) {
        const left = Math.max(area.x, graph.toDomXCoord(from)), right = Math.min(area.x + area.w, graph.toDomXCoord(until));
        if (right > left) context.fillRect(left, area.y, Math.max(1, right - left), area.h);
      }
    }

    drawLane(lane) {
      lane.label.style.width = `${this.gutter}px`;
      Object.assign(lane.bars.style, { left: `${this.left}px`, width: `${this.plotWidth}px` });
      const shown = lane.stretches.filter(([from, until]) => until > this.from && from < this.until);
      lane.bars.replaceChildren(...shown.map(([from, until, state, tone]) => {
        const bar = element('div', `stretch ${tone}`, lane.words ? state : '');
        const left = Math.max(0, this.pixel(from) - this.left), right = Math.min(this.plotWidth, this.pixel(until) - this.left);
        Object.assign(bar.style, { left: `${left}px`, width: `${right - left}px` });
        if (lane.words) Object.assign(bar.style, { background: 'var(--shade)', top: 0, height: '100%', whiteSpace: 'nowrap', paddingLeft: '3px' });
        bar.title = `${state}: ${trunklab.clockText(this.clock + from)} to ${trunklab.clockText(this.clock + until)} ` +
          `(${trunklab.sinceStart(from)} to ${trunklab.sinceStart(until)})`;
        return bar;
      }));
    }

    pixel(seconds) {
      return this.left + (seconds - this.from) / (this.until - this.from) * this.plotWidth;
    }

    instantAt(pixel) {
      return this.from + (Math.min(this.plotWidth, Math.max(0, pixel - this.left)) / this.plotWidth) * (this.until - this.from);
    }

    /** Shows a window of time, moved and shortened so that it lies within the chart. */
    show(from, until) {
      const { length, step } = this.chart;
      const span = Math.min(length, Math.max(until - from, stepsMin * step));
      const begin = Math.min(length - span, Math.max(0, from));
      const started = performance.now();
      this.from = begin;
      this.until = begin + span;
      this.hair.hidden = true;
      this.draw();
      performance.measure('zoom', { start: started });
    }

    act(key) {
      const span = this.until - this.from, middle = (this.from + this.until) / 2;
      if (key === '+' || key === '=') this.show(middle - span / 4, middle + span / 4);
      else if (key === '-') this.show(middle - span, middle + span);
      else if (key === 'ArrowLeft') this.show(this.from - span / 4, this.until - span / 4);
      else if (key === 'ArrowRight') this.show(this.from + span / 4, this.until + span / 4);
      else if (key === '0') this.show(0, this.chart.length);
      else return false;
      return true;
    }
  }

  trunklab.Chart = Chart;
})();
