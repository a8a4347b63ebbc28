import { SignIn } from '@/shell/sign-in';

export default function Page() {
  return <SignIn />;
}
