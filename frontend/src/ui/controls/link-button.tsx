import { Button, type ButtonProps } from 'antd';
import { useRouter } from 'next/navigation';

/** A link to another page that looks like a button, and is one stop of the Tab key. */
export function LinkButton({ href, ...props }: ButtonProps & { href: string }) {
  const router = useRouter();
  return (
    <Button
      {...props}
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.push(href);
      }}
    />
  );
}
