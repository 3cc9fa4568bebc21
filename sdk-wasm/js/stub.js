// For calls made before the tag runs: place this in a script of the page, ahead of the tag.
// Ids come from storage; every other call is kept, and replayed in order.
(function (page) {
  if (page.engagetrack) return;
  var stub = { q: [] };
  var id = function (area, key) {
    return function () {
      try {
        return page[area].getItem(key) || '';
      } catch (error) {
        return '';
      }
    };
  };
  stub.getVisitorId = id('localStorage', 'engagetrack_visitor_id');
  stub.getSessionId = id('sessionStorage', 'engagetrack_session_id');
  'trackPurchase track identify pageview getAttribution checkoutMetadata optOut optIn setConsent'
    .split(' ')
    .forEach(function (name) {
      stub[name] = function () {
        stub.q.push([name, arguments]);
        return {};
      };
    });
  page.engagetrack = stub;
})(window);
