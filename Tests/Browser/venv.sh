# What whoever drives a browser sources after Ops/lib.sh: the packages, and a virtual environment.

browser_venv=${FANFARE_BROWSER_VENV:-$house/.build/browser-venv}
browser_python=$browser_venv/bin/python

need_browser_packages() {
    need_packages chromium firefox-esr ffmpeg python3-venv fonts-dejavu-core fonts-noto-cjk
}

# Makes the virtual environment once, and again whenever requirements.txt is another.
need_browser_venv() {
    local wanted=$house/Tests/Browser/requirements.txt
    [ -x "$browser_python" ] && cmp -s "$wanted" "$browser_venv/requirements.txt" && return
    say "making the virtual environment $browser_venv"
    rm -rf -- "$browser_venv"
    python3 -m venv "$browser_venv" >&2 ||
        die "python3 -m venv failed; is the package python3-venv whole?"
    "$browser_python" -m pip install --quiet --disable-pip-version-check --no-input \
        --requirement "$wanted" >&2 || die "pip could not install what $wanted names"
    cp -- "$wanted" "$browser_venv/requirements.txt"
}
