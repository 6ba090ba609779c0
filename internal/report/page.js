"use strict";
(function () {
  function keyOf(row, column) {
    var cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : cell.dataset.v;
  }
  function compare(a, b, numeric) {
    return numeric ? (Number(a) || 0) - (Number(b) || 0) : a.localeCompare(b, undefined, { numeric: true });
  }
  function sortBy(table, head, column) {
    var numeric = head.classList.contains("n");
    var first = numeric ? "descending" : "ascending";
    var was = head.getAttribute("aria-sort");
    var now = was === null ? first : was === "ascending" ? "descending" : "ascending";
    var sign = now === "ascending" ? 1 : -1;
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
    head.setAttribute("aria-sort", now);
    var body = table.tBodies[0];
    var rows = Array.prototype.map.call(body.rows, function (row, i) { return { row: row, key: keyOf(row, column), i: i }; });
    rows.sort(function (a, b) { return sign * compare(a.key, b.key, numeric) || a.i - b.i; });
    rows.forEach(function (r) { body.appendChild(r.row); });
  }
  function addFilter(table) {
    var box = document.createElement("div"), label = document.createElement("label");
    var input = document.createElement("input"), shown = document.createElement("span");
    box.className = "filter";
    input.type = "search";
    input.id = table.id + "-filter";
    label.htmlFor = input.id;
    label.textContent = "Filter";
    shown.setAttribute("role", "status");
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase().split(/\s+/), n = 0, rows = table.tBodies[0].rows;
      Array.prototype.forEach.call(rows, function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !wanted.every(function (word) { return text.indexOf(word) >= 0; });
        if (!row.hidden) { n++; }
      });
      shown.textContent = n + " of " + rows.length;
    });
    box.append(label, input, shown);
    table.parentNode.before(box);
  }
  document.querySelectorAll("table").forEach(function (table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", function () { sortBy(table, head, column); });
      head.textContent = "";
      head.appendChild(button);
    });
    if (table.dataset.filter) { addFilter(table); }
  });
})();
