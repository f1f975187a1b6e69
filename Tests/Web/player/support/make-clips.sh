#!/bin/sh
# Makes the clips of browser_check.py in a folder: sizes, B-frames, MP3, one track alone, HEVC, AV1, Opus.
set -eu
mkdir -p "$1" && cd "$1"
picture() { echo "-f lavfi -i testsrc2=s=$1:r=$2:d=$3"; }
sound="-f lavfi -i sine=440:d=8"
x264="-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 60"
fragments="-movflags frag_every_frame+empty_moov+default_base_moof"
make() { nice ffmpeg -v error -y "$@"; }
make $(picture 1280x720 30 12) -f lavfi -i sine=440:d=12 $x264 -tune zerolatency -b:v 1500k \
    -c:a aac -ar 44100 -ac 2 720.flv
make $(picture 1920x1080 30 8) $sound $x264 -b:v 2500k -c:a aac -ar 48000 -ac 2 1080.flv
make $(picture 640x360 25 8) $sound -c:v libx264 -preset veryfast -bf 3 -g 50 -pix_fmt yuv420p \
    -c:a libmp3lame -ar 44100 bframes-mp3.flv
make $sound -c:a aac -ar 44100 audio.flv
make $(picture 640x360 30 8) -c:v libx264 -preset veryfast -g 30 -pix_fmt yuv420p video.flv
make $(picture 640x360 30 6) $sound -c:v libx265 -preset ultrafast -tag:v hvc1 -pix_fmt yuv420p \
    -x265-params log-level=error:keyint=30 -c:a libopus -t 6 $fragments hevc-opus.mp4
make $(picture 640x360 30 6) $sound -c:v libsvtav1 -preset 12 -g 30 -pix_fmt yuv420p -c:a libopus \
    -t 6 $fragments av1-opus.mp4
