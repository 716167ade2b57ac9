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
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(width * asked.scale);
        canvas.height = Math.round(height * asked.scale);
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        done(canvas.toDataURL("image/png").replace("data:image/png;base64,", ""));
      };
      image.src = "data:image/svg+xml," + encodeURIComponent(svg);
    });
  }

  Array.prototype.forEach.call(document.querySelectorAll(".chart"), function (chart) {
    if (chart.querySelector(".plot")) { asked.widths.forEach(function (width) { press(chart, width); }); }
  });
  for (var each of pressed) {
    var size = { format: "svg", width: each.options.width, height: each.options.height, imageDataOnly: true };
    var svg = await Plotly.toImage(each.figure, size);
    drawn.push({ id: each.id, width: each.width, svg: svg, png: await inPoints(svg, size.width, size.height) });
  }
  var told = document.createElement("pre");
  told.id = "pictures-drawn";
  told.textContent = JSON.stringify(drawn);
  document.body.replaceChildren(told);
})();
