'use strict';
// Tables that can be sorted and searched, folds that links open, folds that print.
(() => {
  const rowsWorthSorting = 6;
  const cells = (row) => row.children;

  /** A table's rows, each with the row of its details where it has one. */
  function groupsOf(body) {
    const groups = [];
    for (const row of body.rows) {
      if (row.classList.contains('detail')) groups[groups.length - 1].push(row);
      else groups.push([row]);
    }
    return groups;
  }

  function keyOf(row, place) {
    const cell = cells(row)[place];
    return cell.dataset.number === undefined ? cell.textContent.trim() : Number(cell.dataset.number);
  }

  /** Numbers before texts. */
  function compare(a, b) {
    if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
    return typeof a === 'number' ? a - b : a.localeCompare(b, undefined, { numeric: true });
  }

  function sort(table, place, heading) {
    const down = heading.getAttribute('aria-sort') === 'ascending';
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const body = table.tBodies[0];
    const keyed = groupsOf(body).map((group) => ({ group, key: keyOf(group[0], place) }));
    keyed.sort((a, b) => (down ? compare(b.key, a.key) : compare(a.key, b.key)));
    body.append(...keyed.flatMap((each) => each.group));
  }

  function makeSortable(table) {
    if (groupsOf(table.tBodies[0]).length < rowsWorthSorting) return;
    [...table.tHead.rows[0].cells].forEach((heading, place) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = 'Sort by this column';
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener('click', () => sort(table, place, heading));
    });
    for (const group of groupsOf(table.tBodies[0])) if (group.length > 1) group[0].classList.add('has-detail');
  }

  function makeSearchable(table) {
    const tools = table.parentElement.previousElementSibling;
    const input = tools.querySelector('input');
    const said = tools.querySelector('.hits');
    const groups = groupsOf(table.tBodies[0]).map((group) => ({ group, text: group.map((row) => row.textContent).join(' ').toLowerCase() }));
    const search = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let hits = 0;
      for (const { group, text } of groups) {
        const hit = words.every((word) => text.includes(word));
        for (const row of group) row.hidden = !hit;
        hits += hit ? 1 : 0;
      }
      said.textContent = words.length ? `${hits} of ${groups.length}` : `${groups.length} rows`;
    };
    input.addEventListener('input', search);
    search();
  }

  /** A link into a fold opens it, and those around it. */
  function openTarget() {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));  // ids need no decoding
    for (let at = target; at; at = at.parentElement) if (at.localName === 'details') at.open = true;
    if (target) target.scrollIntoView();
  }

  /** On paper all folds are open but the details of rows. */
  function printFolds() {
    let opened = [];
    addEventListener('beforeprint', () => {
      opened = [...document.querySelectorAll('details:not([open])')].filter((fold) => !fold.closest('tr.detail'));
      for (const fold of opened) fold.open = true;
    });
    addEventListener('afterprint', () => {
      for (const fold of opened) fold.open = false;
    });
  }

  document.querySelectorAll('table.sortable').forEach(makeSortable);
  document.querySelectorAll('table.searchable').forEach(makeSearchable);
  addEventListener('hashchange', openTarget);
  openTarget();
  printFolds();
})();
