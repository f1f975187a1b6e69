// Embeds the files of Sources/Web/Files by #embed (C23). Written by Ops/web-files: change nothing here.
#include "CWebFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char file_0[] = {
#embed "../Web/Files/favicon.svg"
};
static const unsigned char file_1[] = {
#embed "../Web/Files/player/amf0.js"
};
static const unsigned char file_2[] = {
#embed "../Web/Files/player/answer-outbox.js"
};
static const unsigned char file_3[] = {
#embed "../Web/Files/player/audio-config.js"
};
static const unsigned char file_4[] = {
#embed "../Web/Files/player/back-off.js"
};
static const unsigned char file_5[] = {
#embed "../Web/Files/player/bit-reader.js"
};
static const unsigned char file_6[] = {
#embed "../Web/Files/player/connection.js"
};
static const unsigned char file_7[] = {
#embed "../Web/Files/player/cue-schedule.js"
};
static const unsigned char file_8[] = {
#embed "../Web/Files/player/engine-port.js"
};
static const unsigned char file_9[] = {
#embed "../Web/Files/player/engine.js"
};
static const unsigned char file_10[] = {
#embed "../Web/Files/player/epochs.js"
};
static const unsigned char file_11[] = {
#embed "../Web/Files/player/fanfare-player.js"
};
static const unsigned char file_12[] = {
#embed "../Web/Files/player/flv-demuxer.js"
};
static const unsigned char file_13[] = {
#embed "../Web/Files/player/flv-packets.js"
};
static const unsigned char file_14[] = {
#embed "../Web/Files/player/fmp4-muxer.js"
};
static const unsigned char file_15[] = {
#embed "../Web/Files/player/limits.js"
};
static const unsigned char file_16[] = {
#embed "../Web/Files/player/lockstep.js"
};
static const unsigned char file_17[] = {
#embed "../Web/Files/player/media-history.js"
};
static const unsigned char file_18[] = {
#embed "../Web/Files/player/media-sink.js"
};
static const unsigned char file_19[] = {
#embed "../Web/Files/player/pipeline-track.js"
};
static const unsigned char file_20[] = {
#embed "../Web/Files/player/pipeline.js"
};
static const unsigned char file_21[] = {
#embed "../Web/Files/player/playback.js"
};
static const unsigned char file_22[] = {
#embed "../Web/Files/player/programme-clock.js"
};
static const unsigned char file_23[] = {
#embed "../Web/Files/player/time.js"
};
static const unsigned char file_24[] = {
#embed "../Web/Files/player/track-timeline.js"
};
static const unsigned char file_25[] = {
#embed "../Web/Files/player/video-config.js"
};
static const unsigned char file_26[] = {
#embed "../Web/Files/player/watchdog.js"
};
static const unsigned char file_27[] = {
#embed "../Web/Files/shared/card-words.js"
};
static const unsigned char file_28[] = {
#embed "../Web/Files/shared/design.css"
};
static const unsigned char file_29[] = {
#embed "../Web/Files/shared/dom.js"
};
static const unsigned char file_30[] = {
#embed "../Web/Files/shared/format.js"
};
static const unsigned char file_31[] = {
#embed "../Web/Files/shared/i18n.js"
};
static const unsigned char file_32[] = {
#embed "../Web/Files/shared/question-card.js"
};
static const unsigned char file_33[] = {
#embed "../Web/Files/viewer/address.js"
};
static const unsigned char file_34[] = {
#embed "../Web/Files/viewer/announcer.js"
};
static const unsigned char file_35[] = {
#embed "../Web/Files/viewer/answer-note.js"
};
static const unsigned char file_36[] = {
#embed "../Web/Files/viewer/api.js"
};
static const unsigned char file_37[] = {
#embed "../Web/Files/viewer/countdown.js"
};
static const unsigned char file_38[] = {
#embed "../Web/Files/viewer/cue-reader.js"
};
static const unsigned char file_39[] = {
#embed "../Web/Files/viewer/game-state.js"
};
static const unsigned char file_40[] = {
#embed "../Web/Files/viewer/index.html"
};
static const unsigned char file_41[] = {
#embed "../Web/Files/viewer/join-form.js"
};
static const unsigned char file_42[] = {
#embed "../Web/Files/viewer/memory.js"
};
static const unsigned char file_43[] = {
#embed "../Web/Files/viewer/menu.js"
};
static const unsigned char file_44[] = {
#embed "../Web/Files/viewer/page.js"
};
static const unsigned char file_45[] = {
#embed "../Web/Files/viewer/picture-state.js"
};
static const unsigned char file_46[] = {
#embed "../Web/Files/viewer/picture-view.js"
};
static const unsigned char file_47[] = {
#embed "../Web/Files/viewer/player-bar.js"
};
static const unsigned char file_48[] = {
#embed "../Web/Files/viewer/question-screen.js"
};
static const unsigned char file_49[] = {
#embed "../Web/Files/viewer/screens.js"
};
static const unsigned char file_50[] = {
#embed "../Web/Files/viewer/speech.js"
};
static const unsigned char file_51[] = {
#embed "../Web/Files/viewer/streams.js"
};
static const unsigned char file_52[] = {
#embed "../Web/Files/viewer/strings/de.js"
};
static const unsigned char file_53[] = {
#embed "../Web/Files/viewer/strings/en.js"
};
static const unsigned char file_54[] = {
#embed "../Web/Files/viewer/strings/zh.js"
};
static const unsigned char file_55[] = {
#embed "../Web/Files/viewer/viewer.css"
};
static const unsigned char file_56[] = {
#embed "../Web/Files/viewer/viewer.js"
};
static const unsigned char file_57[] = {
#embed "../Web/Files/viewer/watch.js"
};

static const struct fanfare_web_file files[] = {
    {"favicon.svg", file_0, sizeof file_0},
    {"player/amf0.js", file_1, sizeof file_1},
    {"player/answer-outbox.js", file_2, sizeof file_2},
    {"player/audio-config.js", file_3, sizeof file_3},
    {"player/back-off.js", file_4, sizeof file_4},
    {"player/bit-reader.js", file_5, sizeof file_5},
    {"player/connection.js", file_6, sizeof file_6},
    {"player/cue-schedule.js", file_7, sizeof file_7},
    {"player/engine-port.js", file_8, sizeof file_8},
    {"player/engine.js", file_9, sizeof file_9},
    {"player/epochs.js", file_10, sizeof file_10},
    {"player/fanfare-player.js", file_11, sizeof file_11},
    {"player/flv-demuxer.js", file_12, sizeof file_12},
    {"player/flv-packets.js", file_13, sizeof file_13},
    {"player/fmp4-muxer.js", file_14, sizeof file_14},
    {"player/limits.js", file_15, sizeof file_15},
    {"player/lockstep.js", file_16, sizeof file_16},
    {"player/media-history.js", file_17, sizeof file_17},
    {"player/media-sink.js", file_18, sizeof file_18},
    {"player/pipeline-track.js", file_19, sizeof file_19},
    {"player/pipeline.js", file_20, sizeof file_20},
    {"player/playback.js", file_21, sizeof file_21},
    {"player/programme-clock.js", file_22, sizeof file_22},
    {"player/time.js", file_23, sizeof file_23},
    {"player/track-timeline.js", file_24, sizeof file_24},
    {"player/video-config.js", file_25, sizeof file_25},
    {"player/watchdog.js", file_26, sizeof file_26},
    {"shared/card-words.js", file_27, sizeof file_27},
    {"shared/design.css", file_28, sizeof file_28},
    {"shared/dom.js", file_29, sizeof file_29},
    {"shared/format.js", file_30, sizeof file_30},
    {"shared/i18n.js", file_31, sizeof file_31},
    {"shared/question-card.js", file_32, sizeof file_32},
    {"viewer/address.js", file_33, sizeof file_33},
    {"viewer/announcer.js", file_34, sizeof file_34},
    {"viewer/answer-note.js", file_35, sizeof file_35},
    {"viewer/api.js", file_36, sizeof file_36},
    {"viewer/countdown.js", file_37, sizeof file_37},
    {"viewer/cue-reader.js", file_38, sizeof file_38},
    {"viewer/game-state.js", file_39, sizeof file_39},
    {"viewer/index.html", file_40, sizeof file_40},
    {"viewer/join-form.js", file_41, sizeof file_41},
    {"viewer/memory.js", file_42, sizeof file_42},
    {"viewer/menu.js", file_43, sizeof file_43},
    {"viewer/page.js", file_44, sizeof file_44},
    {"viewer/picture-state.js", file_45, sizeof file_45},
    {"viewer/picture-view.js", file_46, sizeof file_46},
    {"viewer/player-bar.js", file_47, sizeof file_47},
    {"viewer/question-screen.js", file_48, sizeof file_48},
    {"viewer/screens.js", file_49, sizeof file_49},
    {"viewer/speech.js", file_50, sizeof file_50},
    {"viewer/streams.js", file_51, sizeof file_51},
    {"viewer/strings/de.js", file_52, sizeof file_52},
    {"viewer/strings/en.js", file_53, sizeof file_53},
    {"viewer/strings/zh.js", file_54, sizeof file_54},
    {"viewer/viewer.css", file_55, sizeof file_55},
    {"viewer/viewer.js", file_56, sizeof file_56},
    {"viewer/watch.js", file_57, sizeof file_57},
};

size_t fanfare_web_file_count(void) { return sizeof files / sizeof files[0]; }

const struct fanfare_web_file *fanfare_web_file(size_t index) {
    return index < fanfare_web_file_count() ? &files[index] : NULL;
}
