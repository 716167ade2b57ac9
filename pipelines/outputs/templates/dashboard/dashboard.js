(function () {
  "use strict";
  var settings = JSON.parse(document.body.getAttribute("data-settings"));
  var NARROW = 640;
  // What fits on a page of Letter or A4 with its title: the narrower of the two, the lower of the two.
  var PRINTED = { width: 680, height: 700 };
  var TYPE = 13;
  var plots = Array.prototype.slice.call(document.querySelectorAll(".plot"));

  function read(id, reviver) {
    return JSON.parse(document.getElementById(id).textContent, reviver);
  }

  var dark = read("dark");
  var isPrinting = false;
  var isDark = window.matchMedia("(prefers-color-scheme: dark)");

  // Colours are changed where a colour stands, and nowhere else: a label may look like one.
  function darken(key, value) {
    if (!/color$/.test(key)) { return value; }
    return Array.isArray(value) ? value.map(function (one) { return dark[one] || one; }) : dark[value] || value;
  }

  function figureOf(plot, reviver) {
    var figure = read(plot.getAttribute("data-figure"), reviver);
    figure.layout.template = read("template", reviver);
    return figure;
  }

  function change(layout, changes) {
    Object.keys(changes).forEach(function (path) {
      if (path === "labels") { return; }
      var steps = path.split(".");
      var last = steps.pop();
      placesOf(layout, steps).forEach(function (place) { place[last] = changes[path]; });
    });
    if (changes.labels) { layout.annotations = layout.annotations.concat(labelsAbove(layout.yaxis, changes.labels)); }
    return layout;
  }

  // `annotations.2` is one place, `yaxis*` all the vertical axes.
  function placesOf(layout, steps) {
    return steps.reduce(function (places, step) {
      return [].concat.apply([], places.map(function (place) {
        var names = step.slice(-1) !== "*" ? [step] : Object.keys(place).filter(function (name) {
          return name.indexOf(step.slice(0, -1)) === 0;
        });
        return names.map(function (name) { return place[name]; });
      }));
    }, [layout]);
  }

  function labelsAbove(axis, rows) {
    return axis.tickvals.map(function (position, index) {
      return {
        xref: "paper", x: 0, y: position - rows, yanchor: "bottom", text: axis.ticktext[index].replace(/<br>/g, " ")
      };
    });
  }

  function draw(plot) {
    var width = isPrinting ? PRINTED.width : plot.clientWidth;
    var figure = figureOf(plot, isDark.matches && !isPrinting ? darken : undefined);
    var isNarrow = width < NARROW;
    var layout = isNarrow ? change(figure.layout, figure.narrow) : figure.layout;
    layout.width = width;
    layout.autosize = false;
    if (isPrinting) { fitOnAPage(layout); }
    plot.style.height = layout.height + "px";
    // No bar of buttons in a picture: one that takes the keyboard has no place there, and they stand under it.
    Plotly.react(plot, figure.data, layout, { displayModeBar: false });
  }

  // A drawing that is cut is no longer read: the tallest are made lower, with letters that still stand apart.
  function fitOnAPage(layout) {
    var ratio = PRINTED.height / layout.height;
    if (ratio >= 1) { return; }
    layout.height = PRINTED.height;
    var shared = layout.template.layout;
    [shared.font, shared.annotationdefaults.font].forEach(function (font) { font.size = TYPE * Math.sqrt(ratio); });
  }

  function drawAll() {
    plots.forEach(draw);
  }

  function wrap(text, length) {
    var lines = [""];
    text.split(" ").forEach(function (word) {
      if ((lines[lines.length - 1] + word).length > length) { lines.push(""); }
      lines[lines.length - 1] += word + " ";
    });
    return lines.map(function (line) {
      return line.trim().replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
    });
  }

  function legendOf(chart) {
    return hidesNumbers(chart) ? " " + settings.legend : "";
  }

  function hidesNumbers(chart) {
    return Array.prototype.some.call(chart.querySelectorAll("td .sign"), function (sign) {
      return sign.textContent === settings.hidden;
    });
  }

  // A picture leaves the page: it takes its title, its source and its warnings along.
  function savePicture(plot, format, asked) {
    var figure = figureOf(plot);
    var chart = plot.closest(".chart");
    var width = asked || 900;
    var layout = width < NARROW ? change(figure.layout, figure.narrow) : figure.layout;
    var title = wrap(chart.querySelector("h3").textContent, width / 11);
    var under = wrap(chart.querySelector(".subtitle").textContent, width / 8.6);
    var source = wrap(settings.source + legendOf(chart), width / 8.6);
    // The first number of the axis is written astride its line.
    layout.margin.l = Math.max(layout.margin.l, 10);
    var top = 24 + 21 * (title.length + under.length);
    var bottom = 12 + 16 * source.length;
    layout.title = {
      text: "<b>" + title.join("<br>") + "</b><br><span style='font-size:13px'>" + under.join("<br>") + "</span>",
      x: 10 / width, xref: "container", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 22 },
      font: { size: 16 }
    };
    layout.annotations = (layout.annotations || []).concat([{
      text: source.join("<br>"), xref: "paper", yref: "paper", x: (10 - layout.margin.l) / (width - layout.margin.l - layout.margin.r),
      y: 0, xanchor: "left", yanchor: "top",
      yshift: -layout.margin.b - 2, align: "left", showarrow: false, font: { size: 12 }
    }]);
    layout.margin.t += top;
    layout.margin.b += bottom;
    layout.height += top + bottom;
    layout.width = width;
    layout.autosize = false;
    return Plotly.downloadImage({ data: figure.data, layout: layout }, {
      format: format, width: layout.width, height: layout.height, scale: format === "png" ? 2 : 1,
      filename: settings.file + plot.getAttribute("data-figure").replace("figure-", "")
    });
  }

  function cellText(cell) {
    var raw = cell.getAttribute("data-raw");
    // Beside a sign stands its meaning, for who hears the page: the sign alone is taken along.
    var sign = cell.querySelector(".sign") || cell;
    return raw === null ? quoted(sign.textContent.trim()) : '"' + raw.replace(".", settings.decimal) + '"';
  }

  // A text that begins like a formula would be run by a spreadsheet, whatever stands unseen before its sign.
  var FORMULA = /^[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]./;

  function quoted(text) {
    return '"' + (FORMULA.test(text) ? "'" : "") + text.replace(/"/g, '""') + '"';
  }

  function saveTable(chart) {
    var table = chart.querySelector("table");
    var above = [settings.source, table.caption.textContent].concat(hidesNumbers(chart) ? [settings.legend] : []);
    var lines = above.map(quoted);
    Array.prototype.forEach.call(table.rows, function (row) {
      lines.push(Array.prototype.map.call(row.cells, cellText).join(settings.delimiter));
    });
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n") + "\r\n"], { type: "text/csv" }));
    link.download = settings.file + table.getAttribute("data-name") + ".csv";
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    var chart = button && button.closest(".chart");
    if (!chart) { return; }
    if (button.hasAttribute("data-picture")) {
      savePicture(chart.querySelector(".plot"), button.getAttribute("data-picture"), Number(button.getAttribute("data-width")));
    } else {
      saveTable(chart);
    }
  });

  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("details:not([open]):not(.number-card)"));
    closed.forEach(function (details) { details.open = true; });
    isPrinting = true;
    drawAll();
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (details) { details.open = false; });
    isPrinting = false;
    drawAll();
  });

  var waiting = 0;
  var lastWidth = window.innerWidth;
  window.addEventListener("resize", function () {
    if (window.innerWidth === lastWidth) { return; }
    lastWidth = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 150);
  });
  isDark.addEventListener("change", drawAll);

  // Without a script the tables are open and hold the bars: from here on the drawings do.
  document.body.setAttribute("data-scripted", "");
  document.querySelectorAll(".chart > details[open]").forEach(function (details) { details.open = false; });
  drawAll();
  document.body.setAttribute("data-drawn", String(plots.length));
})();
