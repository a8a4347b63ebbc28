import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useAddress } from '@/ui/hooks/use-address';
import { OPERATION } from './use-operation-href';

const OperationDrawer = dynamic(() => import('./operation-drawer'), { ssr: false });

/** The drawer of the operation that the address names, on whichever page. A reload and a shared address open it too. */
export function OpenOperation() {
  const address = useAddress();
  const id = address.get(OPERATION) || null;
  const [wasOpened, setWasOpened] = useState(false);
  if (id && !wasOpened) setWasOpened(true);
  return wasOpened && <OperationDrawer id={id} close={() => address.set({ [OPERATION]: null })} />;
}
