//! Two pages of a shop: moving between them is a page view by itself, buying is a purchase.

import { checkoutMetadata, trackPurchase } from 'engagetrack';
import { useEffect, useState } from 'react';

/** The address, as the app has it. */
function usePath(): [string, (path: string) => void] {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPath(location.pathname);
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = (next: string) => {
    history.pushState(null, '', next);
    setPath(next);
  };
  return [path, go];
}

export function App() {
  const [path, go] = usePath();
  if (path !== '/checkout') {
    return (
      <button type="button" onClick={() => go('/checkout')}>
        To the checkout
      </button>
    );
  }
  // What a server would hand to its payment provider.
  const metadata = checkoutMetadata('ORD-2001');
  return (
    <>
      <output>{metadata.engagetrack_visitor_id}</output>
      <button type="button" onClick={() => trackPurchase('ORD-2001', '28.90', 'EUR')}>
        Pay
      </button>
    </>
  );
}
