// What makes the wiki nicer with a script; everything is there without one. No text of foreign origin
// is ever written as HTML here: only textContent, and JSON that was parsed as JSON.
(function () {
  'use strict';
  var root = document.body.dataset.root || '';

  // ---- numbers, by the names of units (analysis/unit.go writes the same ones) ----
  function trim(v, digits) {
    var s = v.toFixed(digits);
    if (s.indexOf('.') >= 0) s = s.replace(/\.?0+$/, '');
    return s === '-0' ? '0' : s;
  }
  function two(a, ua, b, ub) { return b ? a + '\u00a0' + ua + ' ' + b + '\u00a0' + ub : a + '\u00a0' + ua; }
  function elapsed(s, days) {
    if (s < 0) return '\u2212' + elapsed(-s, days);
    if (s < 60) return Math.floor(s) + '\u00a0s';
    if (s < 3600) return Math.floor(s / 60) + '\u00a0min';
    if (!days || s < 86400) return two(Math.floor(s / 3600), 'h', Math.floor(s % 3600 / 60), 'min');
    return two(Math.floor(s / 86400), 'd', Math.floor(s % 86400 / 3600), 'h');
  }
  function share(v) {
    var p = v * 100, r = Math.round(p);
    if ((r === 100 && p < 100) || (r === 0 && p > 0)) return (p > 50 ? Math.floor(p * 10) / 10 : Math.ceil(p * 10) / 10).toFixed(1) + '\u00a0%';
    return r + '\u00a0%';
  }
  var units = {
    share: share,
    duration: function (v) { return elapsed(v, true); },
    work: function (v) { return v ? elapsed(v, false) : '0\u00a0h'; },
    hours: function (v) { return trim(v, 1) + '\u00a0h'; },
    days: function (v) { return trim(v, 1) + (v === 1 ? '\u00a0day' : '\u00a0days'); },
    'per week': function (v) { return trim(v, 1) + ' a week'; }
  };
  function format(unit, v) { return v === null || v === undefined || v === '-' ? 'no data' : (units[unit] || function (n) { return trim(n, 2); })(v); }
  // On an axis the unit stands once, not at every tick.
  function tick(unit, v) {
    if (unit === 'share') return Math.round(v * 100) + '\u00a0%';
    if (unit === 'duration' || unit === 'work') {
      if (v === 0) return '0';
      if (unit === 'duration' && v >= 86400) return trim(v / 86400, 1) + '\u00a0d';
      return v >= 3600 ? trim(v / 3600, 1) + '\u00a0h' : Math.round(v / 60) + '\u00a0min';
    }
    return trim(v, 2);
  }
  // Steps of an axis of times that a clock or a calendar knows, the first that needs six of them at most.
  function step(unit, high) {
    var days = unit === 'duration' ? [1, 2, 5, 7, 14, 28, 50, 100, 200, 500].map(function (d) { return d * 24; }) : [50, 100, 200, 500, 1000];
    var hours = [1 / 60, 2 / 60, 5 / 60, 10 / 60, 0.25, 0.5, 1, 2, 4, 6, 12].concat(unit === 'duration' ? [] : [24]).concat(days);
    for (var i = 0; i < hours.length; i++) if (high <= hours[i] * 3600 * 6) return hours[i] * 3600;
    return Math.ceil(high / 6 / 3600 / hours[hours.length - 1]) * hours[hours.length - 1] * 3600;
  }
  // The highest value of a chart, of stacked series their sum.
  function highest(series) {
    var high = 0, stack = [];
    series.forEach(function (s) {
      s.data.forEach(function (d, i) {
        var v = d && d.value ? d.value[1] : d || 0;
        if (s.stack) v = stack[i] = (stack[i] || 0) + v;
        high = Math.max(high, v);
      });
      (s.markLine ? s.markLine.data : []).forEach(function (m) { if (typeof m.yAxis === 'number') high = Math.max(high, m.yAxis); });
    });
    return high;
  }
  var monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  function point(x, long) {
    var m = /^(\d{4})-(\d\d)(?:-(\d\d))?$/.exec(x);
    if (!m || +m[2] < 1 || +m[2] > 12) return x;
    var month = monthNames[m[2] - 1];
    if (!m[3]) return month + (long || m[2] === '01' ? ' ' + m[1] : '');
    return long ? +m[3] + ' ' + month + ' ' + m[1] : +m[3] + ' ' + month;
  }

  // ---- charts ----
  function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  var drawn = [];

  // What a series is drawn with stands beside its name, so that colour is not all that tells a limit from data.
  function sign(s, role) {
    if (role === 'limit' || role === 'goal') return 'path://M0 5h5v2h-5zM7 5h5v2h-5zM0 0h0v12h0z';
    return s.type === 'line' && !s.areaStyle ? 'path://M0 4.5h12v3h-12zM0 0h0v12h0z' : s.type === 'scatter' ? 'circle' : 'roundRect';
  }
  // On an axis of numbers whose unit is not written at each of them it stands once, above.
  var axisNames = { days: 'days', hours: 'hours', points: 'points', 'item-days': 'item-days', 'per week': 'a week' };

  function option(block, width) {
    var o = block.option, ink = css('--ink'), muted = css('--muted'), line = css('--line'), paper = css('--paper');
    var heat = block.slots[0] === 'heat', narrow = width < 520;
    var text = { fontFamily: css('--sans') || 'sans-serif', color: muted, fontSize: 12 };
    o = JSON.parse(JSON.stringify(o));
    o.backgroundColor = 'transparent';
    o.animation = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    o.animationDuration = 300;
    o.textStyle = text;
    o.aria = { enabled: false };
    var many = o.series.length > 1 && !heat;
    o.legend = many ? { type: 'plain', left: 0, top: 0, itemWidth: 12, itemHeight: 12, itemGap: 14, icon: 'roundRect', textStyle: { color: ink, fontSize: 12 },
      data: o.series.map(function (s, i) { return { name: s.name, icon: sign(s, block.roles[i]) }; }) } : { show: false };
    var rows = many ? 1 : 0, at = 0;
    if (many) o.series.forEach(function (s) { // how many rows the legend takes, generously
      var w = 36 + 7.4 * s.name.length;
      if (at > 0 && at + w > width - 8) { rows++; at = 0; }
      at += w;
    });
    o.grid = { left: 4, right: o.series.some(function (s) { return s.type !== 'line'; }) ? 14 : 22, top: 22 + 27 * rows, bottom: 4, containLabel: true };
    var x = [].concat(o.xAxis)[0], y = [].concat(o.yAxis)[0];
    x.axisLine = { lineStyle: { color: line } };
    x.axisTick = { show: false };
    x.axisLabel = { color: muted, hideOverlap: true, formatter: function (v) { return point(v); } };
    if (narrow && !heat && (x.data || []).length <= 12 && o.series.every(function (s) { return s.type === 'scatter'; })) x.axisLabel.rotate = 40;
    else if (!heat) named(x, block, width);
    x.boundaryGap = o.series.some(function (s) { return s.type !== 'line'; });
    if (heat) {
      y.inverse = true;
      y.axisLine = { show: false }; y.axisTick = { show: false };
      y.axisLabel = { color: muted, width: narrow ? 90 : 200, overflow: 'truncate' };
      var high = block.high || 1; // the scale stands above the picture, with its two ends
      o.visualMap = { type: 'continuous', min: 0, max: high, inRange: { color: [css('--heat-0'), css('--heat-1')] }, calculable: false, hoverLink: false,
        orient: 'horizontal', right: 14, top: 0, padding: 0, itemWidth: 10, itemHeight: 110, textGap: 8, text: [format(block.unit, high), '0'], textStyle: { color: muted, fontSize: 12 } };
      o.grid.top = 30;
      o.series[0].itemStyle = { borderColor: paper, borderWidth: 1 };
    } else {
      y.axisLabel = { color: muted, formatter: function (v) { return tick(block.unit, v); } };
      y.splitLine = { lineStyle: { color: line, width: 1 } };
      if (axisNames[block.unit]) {
        y.name = axisNames[block.unit]; y.nameGap = 14; y.nameTextStyle = { color: muted, fontSize: 12, align: 'left', padding: [0, 0, 0, -24] };
        o.grid.top += 12;
      }
      if (block.afloat) y.scale = true;
      else y.min = function (r) { return r.min < 0 ? Math.floor(r.min * 1.05) : 0; };
      if (block.unit === 'share') y.max = function (r) { return r.max > 0.5 ? 1 : Math.max(0.1, Math.ceil(r.max * 11) / 10); };
      if (block.unit === 'items') y.minInterval = 1;
      if (block.unit === 'duration' || block.unit === 'work') {
        y.interval = step(block.unit, highest(o.series));
        y.max = Math.max(1, Math.ceil(highest(o.series) / y.interval)) * y.interval;
      }
    }
    o.xAxis = x; o.yAxis = y;
    var n = (x.data || []).length, partial = block.partial || 0, ends = block.ends || 0, begins = block.begins ? 1 : 0;
    o.series.forEach(function (s, i) {
      if (heat) return;
      var slot = block.slots[i], role = block.roles[i], colour = css('--' + slot) || ink;
      s.itemStyle = { color: colour };
      if (s.type === 'line') {
        s.lineStyle = { width: 2, color: colour };
        s.showSymbol = n < 40 && !s.areaStyle && role !== 'limit' && role !== 'goal' && role !== 'centre';
        s.symbol = 'circle'; s.symbolSize = 5;
        s.emphasis = { disabled: true };
        if (role === 'limit' || role === 'goal' || role === 'centre') { s.lineStyle = { width: 1.25, type: role === 'centre' ? 'solid' : 'dashed', color: colour }; s.z = 3; s.step = role === 'goal' ? false : 'middle'; }
        if (s.areaStyle) { s.areaStyle = { color: colour, opacity: 0.85 }; s.lineStyle = { width: 0 }; }
      }
      if (s.type === 'bar') {
        s.barMaxWidth = 36; s.barCategoryGap = '25%';
        s.itemStyle.borderColor = paper; s.itemStyle.borderWidth = n < 80 ? 0.5 : 0;
      }
      if (s.type === 'scatter') { s.symbolSize = 6; s.itemStyle.opacity = 0.7; }
      if ((partial || ends || begins) && s.data && s.type !== 'scatter') {
        s.data = s.data.map(function (v, j) {
          return j >= begins && j < n - Math.max(partial, ends) || v === null ? v : { value: v, itemStyle: { color: colour, opacity: 0.4 } };
        });
      }
      if (ends && i === 0 && s.type !== 'bar') { // a line without dots has nothing to fade
        s.markArea = { silent: true, animation: false, itemStyle: { color: muted, opacity: 0.14 }, label: { show: !narrow && ends > n / 12, position: 'insideTop', color: muted, fontSize: 11 },
          data: [[{ name: 'not told to the end', xAxis: n - ends }, { xAxis: n - 1 }]] };
      }
      if (s.markLine) {
        var signals = s.markLine.data.filter(function (m) { return m.role === 'signal' && m.xAxis !== undefined; });
        s.markLine.data = s.markLine.data.filter(function (m) { return signals.indexOf(m) < 0; });
        s.markLine.symbol = 'none'; s.markLine.z = 8; s.markLine.silent = true; s.markLine.animation = false;
        var placed = 0; // of the percentiles: one label to the left of it, the next to the right, lest they stand on each other's lines
        s.markLine.data.forEach(function (m) {
          var c = css('--mark-' + m.role) || css('--' + m.role) || muted, upright = m.xAxis !== undefined;
          m.lineStyle = { color: c, width: 1, type: upright ? [2, 3] : 'dashed' };
          m.label = upright
            ? { show: true, color: c, fontSize: 11, fontWeight: 600, position: 'end', distance: [0, 7], rotate: 0, formatter: function () { return m.letter || ''; } }
            : { show: true, color: c, fontSize: 11, textBorderColor: paper, textBorderWidth: 4, position: m.role === 'percentile' ? ['insideStartTop', 'insideEndTop', 'insideStartBottom', 'insideEndTop'][placed++ % 4] : 'insideStartTop', formatter: function () { return cut(m.name, narrow ? 18 : 40); } };
        });
        if (signals.length) {
          s.markPoint = { symbol: 'circle', symbolSize: 11, silent: true, animation: false, label: { show: false },
            itemStyle: { color: 'transparent', borderColor: css('--mark-signal'), borderWidth: 2.5 },
            data: signals.filter(function (m) { return typeof block.option.series[i].data[m.xAxis] === 'number'; })
              .map(function (m) { return { coord: [m.xAxis, block.option.series[i].data[m.xAxis]] }; }) };
        }
      }
    });
    o.tooltip = {
      trigger: heat || o.series.every(function (s) { return s.type === 'scatter'; }) ? 'item' : 'axis',
      renderMode: 'richText', confine: true, backgroundColor: css('--raised'), borderColor: line, padding: 10,
      axisPointer: { type: o.series.some(function (s) { return s.type === 'bar'; }) ? 'shadow' : 'line', lineStyle: { color: muted }, shadowStyle: { color: muted, opacity: 0.12 } },
      textStyle: { color: ink, fontSize: 12, fontFamily: text.fontFamily },
      formatter: function (ps) {
        if (heat) return plain(o.yAxis.data[ps.value[1]]) + '\n' + point(o.xAxis.data[ps.value[0]], true) + ': ' + format(block.unit, ps.value[2]);
        ps = [].concat(ps);
        if (Array.isArray(ps[0].value)) { // a dot: whose it is, and where it stands
          return [plain(ps[0].name), plain(ps[0].seriesName), plain(point(x.data[ps[0].value[0]], true)) + ': ' + format(block.unit, ps[0].value[1])].join('\n');
        }
        var head = plain(point(ps[0].name, true)) + (ps[0].dataIndex < begins ? ' (history begins in it)' : '') + (ps[0].dataIndex >= n - partial ? ' (not over yet)' : '') + (ps[0].dataIndex >= n - ends ? ' (not told to the end)' : '');
        var body = ps.filter(function (p) { return p.value !== null && p.value !== undefined && !(p.value === 0 && ps.length > 6); })
          .map(function (p) { return plain(p.seriesName) + '  ' + format(block.unit, p.value); });
        return [head].concat(body).join('\n');
      }
    };
    return o;
  }
  // The names of things stand under each of them: what has no name in a picture is not in it. In a row where
  // they fit, in lines where those do, else upright.
  function named(x, block, width) {
    var names = (x.data || []).map(String), room = (width - 70) / names.length;
    if (block.xunit !== 'text' || names.length > 16 || names.every(function (v) { return /^\d/.test(v); })) return;
    if (Math.max.apply(null, names.map(function (v) { return point(v).length; })) * 6.8 <= room) return;
    x.axisLabel.interval = 0; x.axisLabel.hideOverlap = false;
    if (room >= 56) { x.axisLabel.width = room - 8; x.axisLabel.overflow = 'break'; x.axisLabel.lineHeight = 14; }
    else { x.axisLabel.rotate = 90; x.axisLabel.width = 110; x.axisLabel.overflow = 'truncate'; }
  }
  // Rich text gives meaning to braces; names have none.
  function plain(s) { return cut(String(s).replace(/[{}|]/g, ' '), 60); }
  function cut(s, n) { s = String(s); return s.length > n ? s.slice(0, n - 1) + '\u2026' : s; }

  function draw(box) {
    var data = document.getElementById(box.dataset.chart), block;
    try { block = JSON.parse(data.textContent); } catch (e) { return; }
    var chart = window.echarts.init(box, null, { renderer: 'svg' });
    chart.setOption(option(block, box.clientWidth));
    drawn.push({ chart: chart, box: box, block: block, width: box.clientWidth });
    if (sizes) sizes.observe(box);
  }
  var sizes = 'ResizeObserver' in window ? new ResizeObserver(function (es) {
    es.forEach(function (e) {
      drawn.forEach(function (d) { if (d.box === e.target && d.width !== d.box.clientWidth) refit(d); });
    });
  }) : null;
  function refit(d) {
    d.width = d.box.clientWidth;
    if (!d.width) return;
    d.chart.resize();
    var o = option(d.block, d.width);
    o.animation = false; // it was drawn before: what moves now is the window, or paper
    d.chart.setOption(o, true);
  }
  function redraw() { drawn.forEach(refit); }
  if (window.echarts) {
    var boxes = [].slice.call(document.querySelectorAll('[data-chart]'));
    if ('IntersectionObserver' in window && boxes.length > 3) {
      var seen = new IntersectionObserver(function (es) {
        es.forEach(function (e) { if (e.isIntersecting) { seen.unobserve(e.target); draw(e.target); } });
      }, { rootMargin: '600px' });
      boxes.forEach(function (b) { seen.observe(b); });
      window.addEventListener('beforeprint', function () {
        boxes.forEach(function (b) { if (!drawn.some(function (d) { return d.box === b; })) { seen.unobserve(b); draw(b); } });
      });
    } else boxes.forEach(draw);
    window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  }

  // ---- light and dark ----
  var nav = document.querySelector('.masthead');
  if (nav) {
    var tools = document.createElement('div');
    tools.className = 'tools';
    nav.insertBefore(tools, nav.querySelector('nav'));
    search(tools);
    var button = document.createElement('button');
    button.type = 'button'; button.className = 'toggle';
    var dark = function () {
      var t = document.documentElement.dataset.theme;
      return t ? t === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
    };
    var name = function () { button.textContent = dark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', 'Switch to ' + (dark() ? 'light' : 'dark') + ' colours'); };
    name();
    button.addEventListener('click', function () {
      var to = dark() ? 'light' : 'dark';
      document.documentElement.dataset.theme = to;
      try { localStorage.setItem('firebreak-theme', to); } catch (e) { /* it holds for this entry */ }
      name(); redraw();
    });
    tools.appendChild(button);
    // On a narrow screen the sections scroll; the one that the reader is in is in sight.
    var sections = nav.querySelector('nav'), here = sections && sections.querySelector('[aria-current]');
    if (here) sections.scrollLeft = here.offsetLeft - sections.offsetLeft - (sections.clientWidth - here.offsetWidth) / 2;
  }

  // ---- search ----
  function search(tools) {
    var form = document.createElement('form'), input = document.createElement('input'), list = document.createElement('ul');
    form.setAttribute('role', 'search');
    form.className = 'search';
    input.type = 'search'; input.placeholder = 'Search'; input.setAttribute('aria-label', 'Search the wiki');
    input.autocomplete = 'off';
    list.hidden = true; list.className = 'found';
    list.setAttribute('aria-live', 'polite');
    form.appendChild(input); form.appendChild(list);
    tools.appendChild(form);
    var engine = null, asked = false;
    function load(src, next) {
      var s = document.createElement('script');
      s.src = root + src; s.onload = next;
      document.head.appendChild(s);
    }
    function start() {
      if (asked) return;
      asked = true;
      load('static/vendor/minisearch.js', function () {
        load('search-index.js', function () {
          engine = new window.minisearch.MiniSearch({
            idField: 'p', fields: ['t', 'x'], storeFields: ['t', 'k'],
            searchOptions: { boost: { t: 3 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' }
          });
          engine.addAll(self.firebreakIndex);
          find();
        });
      });
    }
    function find() {
      var q = input.value.trim();
      list.textContent = '';
      list.hidden = !q;
      if (!q || !engine) return;
      var hits = engine.search(q).slice(0, 12);
      hits.forEach(function (h) {
        var li = document.createElement('li'), a = document.createElement('a'), kind = document.createElement('span'), t = document.createElement('bdi');
        a.href = root + h.id;
        t.textContent = h.t; kind.textContent = h.k; kind.className = 'detail';
        a.appendChild(t); a.appendChild(kind); li.appendChild(a); list.appendChild(li);
      });
      if (!hits.length) {
        var none = document.createElement('li');
        none.className = 'quiet'; none.textContent = 'Nothing found.';
        list.appendChild(none);
      }
    }
    input.addEventListener('focus', start);
    input.addEventListener('input', function () { start(); find(); });
    form.addEventListener('submit', function (e) {
      e.preventDefault();
      var first = list.querySelector('a');
      if (first) location.href = first.href;
    });
    form.addEventListener('keydown', function (e) {
      var links = [].slice.call(list.querySelectorAll('a')), at = links.indexOf(document.activeElement);
      if (e.key === 'ArrowDown' && links.length) { links[Math.min(at + 1, links.length - 1)].focus(); e.preventDefault(); }
      if (e.key === 'ArrowUp' && at >= 0) { (at ? links[at - 1] : input).focus(); e.preventDefault(); }
      if (e.key === 'Escape') { input.value = ''; find(); input.focus(); }
    });
    document.addEventListener('click', function (e) { if (!form.contains(e.target)) list.hidden = true; });
    document.addEventListener('keydown', function (e) {
      if (e.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName)) { input.focus(); e.preventDefault(); }
    });
  }

  // ---- how old this edition is: only the reader's clock knows ----
  var asof = document.querySelector('.asof time');
  if (asof) {
    var age = (Date.now() - Date.parse(asof.getAttribute('datetime'))) / 1000;
    if (age > 60 && isFinite(age)) {
      var note = document.createElement('span');
      note.textContent = ' \u00b7 ' + (age < 5400 ? Math.round(age / 60) + ' minutes' : age < 129600 ? Math.round(age / 3600) + ' hours' : Math.round(age / 86400) + ' days') + ' ago';
      if (age > 129600) note.className = 'stale';
      asof.parentNode.appendChild(note);
    }
  }

  // ---- tables that sort ----
  [].forEach.call(document.querySelectorAll('main .scroll > table'), function (table) {
    var body = table.tBodies[0];
    if (!body || body.rows.length < 8 || !table.tHead) return;
    [].forEach.call(table.tHead.rows[0].cells, function (th, col) {
      var b = document.createElement('button');
      b.type = 'button'; b.className = 'sort'; b.textContent = th.textContent;
      if (!b.textContent) return;
      th.textContent = ''; th.appendChild(b);
      b.addEventListener('click', function () {
        var up = th.getAttribute('aria-sort') !== 'ascending';
        [].forEach.call(table.tHead.rows[0].cells, function (c) { c.removeAttribute('aria-sort'); });
        th.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        var rows = [].slice.call(body.rows).map(function (r, i) { return { row: r, key: key(r.cells[col]), at: i }; });
        rows.sort(function (a, c) {
          var d = a.key < c.key ? -1 : a.key > c.key ? 1 : 0;
          return (up ? d : -d) || a.at - c.at;
        });
        rows.forEach(function (r) { body.appendChild(r.row); });
      });
    });
  });
  function key(cell) {
    if (!cell) return '';
    var time = cell.querySelector('time');
    if (time) return time.getAttribute('datetime');
    var t = cell.textContent.trim();
    if (cell.classList.contains('n')) {
      var n = quantity(t);
      return isNaN(n) ? -Infinity : n;
    }
    return t.toLowerCase();
  }
  // 3 d 4 h, 12 min, 82 %, 12 345, 3 of 4
  function quantity(t) {
    t = t.replace(/[\u202f]/g, '').replace(/\u2212/g, '-');
    var scale = { s: 1, min: 60, h: 3600, d: 86400 }, sum = 0, any = false;
    t.replace(/(-?[\d.]+)[\s\u00a0]*(min|[shd])(?![a-z])/g, function (_, v, u) { sum += v * scale[u]; any = true; });
    return any ? sum : parseFloat(t);
  }
})();
