//! The migrations and the dashboard are embedded: a new file among them must lead to a new build.

fn main() {
    println!("cargo::rerun-if-changed=../migrations");
    println!("cargo::rerun-if-changed=../frontend/out");
    // What is read of the program at a start stays in memory: equal functions once, and relocations packed.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rustc-link-arg-bins=-Wl,--icf=all,-z,pack-relative-relocs");
    }
}
