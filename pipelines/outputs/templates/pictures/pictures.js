// Runs after the dashboard's own script, in a browser that nobody sees: presses the button of each picture in each
// width, and leaves what would have been saved as JSON in the place of the page.
(async function () {
  "use strict";
  var asked = JSON.parse(document.getElementById("pictures-asked").textContent);
  var pressed = [];
  var drawn = [];

  Plotly.downloadImage = function (figure, options) {
    pressed[pressed.length - 1].figure = figure;
    pressed[pressed.length - 1].options = options;
    return Promise.resolve();
  };

  function press(chart, width) {
    var button = document.createElement("button");
    button.setAttribute("data-picture", "svg");
    button.setAttribute("data-width", String(width));
    pressed.push({ id: chart.id.replace("chart-", ""), width: width });
    chart.appendChild(button);
    button.click();
    button.remove();
  }

  // The same drawing in points of a picture: the letters are those of the SVG.
  function inPoints(svg, width, height) {
    return new Promise(function (done, failed) {
      var image = new Image();
      image.onerror = failed;
      image.onload = function () {
        var wide = Math.round(width * asked.scale);
        var high = Math.round(height * asked.scale);
        var canvas = document.createElement("canvas");
        canvas.width = wide;
        canvas.height = high;
        var context = canvas.getContext("2d", { willReadFrequently: true });
        context.drawImage(image, 0, 0, wide, high);
        var told = runsOf(context.getImageData(0, 0, wide, high).data.buffer);
        packed(told.runs).then(function (runs) {
          done({ wide: wide, high: high, colours: told.colours, runs: runs });
        }, failed);
      };
      image.src = "data:image/svg+xml," + encodeURIComponent(svg);
    });
  }

  // A chart is few colours in long lines: pairs of a colour's place in the list and how many points have it.
  function runsOf(buffer) {
    var points = new Uint32Array(buffer);
    var places = new Map();
    var runs = [];
    for (var start = 0; start < points.length;) {
      var colour = points[start];
      var end = start + 1;
      while (end < points.length && points[end] === colour && end - start < 65535) { end += 1; }
      if (!places.has(colour)) { places.set(colour, places.size); }
      runs.push(places.get(colour), end - start);
      start = end;
    }
    return { colours: Array.from(places.keys()), runs: Uint16Array.from(runs) };
  }

  // What leaves the page is text, of which a browser gives back a megabyte in half a second.
  async function packed(runs) {
    var stream = new Blob([runs]).stream().pipeThrough(new CompressionStream("deflate"));
    var bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    var text = "";
    for (var start = 0; start < bytes.length; start += 32768) {
      text += String.fromCharCode.apply(null, bytes.subarray(start, start + 32768));
    }
    return btoa(text);
  }

  Array.prototype.forEach.call(document.querySelectorAll(".chart"), function (chart) {
    if (chart.querySelector(".plot")) { asked.widths.forEach(function (width) { press(chart, width); }); }
  });
  for (var each of pressed) {
    var size = { format: "svg", width: each.options.width, height: each.options.height, imageDataOnly: true };
    var svg = await Plotly.toImage(each.figure, size);
    drawn.push({ id: each.id, width: each.width, svg: svg, points: await inPoints(svg, size.width, size.height) });
  }
  var told = document.createElement("pre");
  told.id = "pictures-drawn";
  told.textContent = JSON.stringify(drawn);
  document.body.replaceChildren(told);
})();
