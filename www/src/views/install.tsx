//! The one line for every page, as a tag or as a package.
import { useState } from 'preact/hooks';
import type { Site } from '../api/types';
import { CodeBlock } from '../components/copy';
import { Segments } from '../components/tabs';
import { packageSnippet, serverOrigin, tagSnippet } from './snippets';

type Way = 'html' | 'npm';

export function Install({ site }: { site: Site }) {
  const [way, setWay] = useState<Way>('html');
  const origin = serverOrigin();
  const text = way === 'html' ? tagSnippet(origin, site.site_id) : packageSnippet(origin, site.site_id);
  return (
    <div class="install">
      <Segments
        label="How the script gets there"
        options={[
          { id: 'html', name: 'HTML' },
          { id: 'npm', name: 'npm' },
        ]}
        current={way}
        onChoose={setWay}
      />
      <CodeBlock text={text} what="snippet" />
    </div>
  );
}
