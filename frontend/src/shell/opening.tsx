import { usePathname, useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { Rereading } from '@/ui/feedback/loading';
import { askedFor, useAskedPage } from './asked-page';

const pathOf = (address: string) => new URL(address, window.location.origin).pathname;

/** The sign that another page was asked for, until it is there: what stands there meanwhile is the one before. */
export function Opening() {
  const asked = useAskedPage();
  const pathname = usePathname();
  const router = useRouter();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that arrives is the one that was asked for, or replaces it
  useEffect(() => askedFor(null), [pathname]);
  const isOn = asked !== null && pathOf(asked) !== pathOf(pathname);
  return (
    <div className="opening">
      <Rereading isOn={isOn} retry={() => asked && router.push(asked)} />
    </div>
  );
}
