// Embeds the files of Sources/Web/Files by #embed (C23). Written by Ops/web-files: change nothing here.
#include "CWebFiles.h"

#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char file_0[] = {
#embed "../Web/Files/console/account-menu.js"
};
static const unsigned char file_1[] = {
#embed "../Web/Files/console/addresses-panel.js"
};
static const unsigned char file_2[] = {
#embed "../Web/Files/console/alarm.js"
};
static const unsigned char file_3[] = {
#embed "../Web/Files/console/announce-panel.js"
};
static const unsigned char file_4[] = {
#embed "../Web/Files/console/announcement-text.js"
};
static const unsigned char file_5[] = {
#embed "../Web/Files/console/answers-panel.js"
};
static const unsigned char file_6[] = {
#embed "../Web/Files/console/audience-panel.js"
};
static const unsigned char file_7[] = {
#embed "../Web/Files/console/ban-form.js"
};
static const unsigned char file_8[] = {
#embed "../Web/Files/console/ban-panel.js"
};
static const unsigned char file_9[] = {
#embed "../Web/Files/console/chart-scale.js"
};
static const unsigned char file_10[] = {
#embed "../Web/Files/console/command-line.js"
};
static const unsigned char file_11[] = {
#embed "../Web/Files/console/command-outbox.js"
};
static const unsigned char file_12[] = {
#embed "../Web/Files/console/console-app.js"
};
static const unsigned char file_13[] = {
#embed "../Web/Files/console/console-icons.js"
};
static const unsigned char file_14[] = {
#embed "../Web/Files/console/console.css"
};
static const unsigned char file_15[] = {
#embed "../Web/Files/console/console.js"
};
static const unsigned char file_16[] = {
#embed "../Web/Files/console/crowd-report.js"
};
static const unsigned char file_17[] = {
#embed "../Web/Files/console/csv-rows.js"
};
static const unsigned char file_18[] = {
#embed "../Web/Files/console/deeds-panel.js"
};
static const unsigned char file_19[] = {
#embed "../Web/Files/console/dialogs.js"
};
static const unsigned char file_20[] = {
#embed "../Web/Files/console/dom-lists.js"
};
static const unsigned char file_21[] = {
#embed "../Web/Files/console/drain-panel.js"
};
static const unsigned char file_22[] = {
#embed "../Web/Files/console/event-link.js"
};
static const unsigned char file_23[] = {
#embed "../Web/Files/console/feed-panel.js"
};
static const unsigned char file_24[] = {
#embed "../Web/Files/console/feed-words.js"
};
static const unsigned char file_25[] = {
#embed "../Web/Files/console/frame.js"
};
static const unsigned char file_26[] = {
#embed "../Web/Files/console/go-panel.js"
};
static const unsigned char file_27[] = {
#embed "../Web/Files/console/go-sheet.js"
};
static const unsigned char file_28[] = {
#embed "../Web/Files/console/hash-route.js"
};
static const unsigned char file_29[] = {
#embed "../Web/Files/console/import-panel.js"
};
static const unsigned char file_30[] = {
#embed "../Web/Files/console/index.html"
};
static const unsigned char file_31[] = {
#embed "../Web/Files/console/line-chart.js"
};
static const unsigned char file_32[] = {
#embed "../Web/Files/console/live-store.js"
};
static const unsigned char file_33[] = {
#embed "../Web/Files/console/login.html"
};
static const unsigned char file_34[] = {
#embed "../Web/Files/console/login.js"
};
static const unsigned char file_35[] = {
#embed "../Web/Files/console/machine-panel.js"
};
static const unsigned char file_36[] = {
#embed "../Web/Files/console/monitor.js"
};
static const unsigned char file_37[] = {
#embed "../Web/Files/console/now-next.js"
};
static const unsigned char file_38[] = {
#embed "../Web/Files/console/people-view.js"
};
static const unsigned char file_39[] = {
#embed "../Web/Files/console/plan-form.js"
};
static const unsigned char file_40[] = {
#embed "../Web/Files/console/plan-values.js"
};
static const unsigned char file_41[] = {
#embed "../Web/Files/console/players-tab.js"
};
static const unsigned char file_42[] = {
#embed "../Web/Files/console/preferences.js"
};
static const unsigned char file_43[] = {
#embed "../Web/Files/console/programme-view.js"
};
static const unsigned char file_44[] = {
#embed "../Web/Files/console/question-draft.js"
};
static const unsigned char file_45[] = {
#embed "../Web/Files/console/question-editor.js"
};
static const unsigned char file_46[] = {
#embed "../Web/Files/console/question-order.js"
};
static const unsigned char file_47[] = {
#embed "../Web/Files/console/questions-tab.js"
};
static const unsigned char file_48[] = {
#embed "../Web/Files/console/rehearse-view.js"
};
static const unsigned char file_49[] = {
#embed "../Web/Files/console/reports-panel.js"
};
static const unsigned char file_50[] = {
#embed "../Web/Files/console/results-tab.js"
};
static const unsigned char file_51[] = {
#embed "../Web/Files/console/run-sheet-panel.js"
};
static const unsigned char file_52[] = {
#embed "../Web/Files/console/run-sheet.js"
};
static const unsigned char file_53[] = {
#embed "../Web/Files/console/run-tab.js"
};
static const unsigned char file_54[] = {
#embed "../Web/Files/console/show-list-view.js"
};
static const unsigned char file_55[] = {
#embed "../Web/Files/console/show-questions.js"
};
static const unsigned char file_56[] = {
#embed "../Web/Files/console/show-steps.js"
};
static const unsigned char file_57[] = {
#embed "../Web/Files/console/show-view.js"
};
static const unsigned char file_58[] = {
#embed "../Web/Files/console/spread-bar.js"
};
static const unsigned char file_59[] = {
#embed "../Web/Files/console/sse-parser.js"
};
static const unsigned char file_60[] = {
#embed "../Web/Files/console/staff-api.js"
};
static const unsigned char file_61[] = {
#embed "../Web/Files/console/staff-roles.js"
};
static const unsigned char file_62[] = {
#embed "../Web/Files/console/staff-types.js"
};
static const unsigned char file_63[] = {
#embed "../Web/Files/console/step-asking.js"
};
static const unsigned char file_64[] = {
#embed "../Web/Files/console/step-bar.js"
};
static const unsigned char file_65[] = {
#embed "../Web/Files/console/step-safety.js"
};
static const unsigned char file_66[] = {
#embed "../Web/Files/console/stream-history.js"
};
static const unsigned char file_67[] = {
#embed "../Web/Files/console/strings/en.js"
};
static const unsigned char file_68[] = {
#embed "../Web/Files/console/strings/viewers-en.js"
};
static const unsigned char file_69[] = {
#embed "../Web/Files/console/units.js"
};
static const unsigned char file_70[] = {
#embed "../Web/Files/console/viewers-view.js"
};
static const unsigned char file_71[] = {
#embed "../Web/Files/examples/mpegts.html"
};
static const unsigned char file_72[] = {
#embed "../Web/Files/favicon.svg"
};
static const unsigned char file_73[] = {
#embed "../Web/Files/player/amf0.js"
};
static const unsigned char file_74[] = {
#embed "../Web/Files/player/answer-outbox.js"
};
static const unsigned char file_75[] = {
#embed "../Web/Files/player/answer-post.js"
};
static const unsigned char file_76[] = {
#embed "../Web/Files/player/audio-config.js"
};
static const unsigned char file_77[] = {
#embed "../Web/Files/player/bit-reader.js"
};
static const unsigned char file_78[] = {
#embed "../Web/Files/player/connection.js"
};
static const unsigned char file_79[] = {
#embed "../Web/Files/player/cue-schedule.js"
};
static const unsigned char file_80[] = {
#embed "../Web/Files/player/engine-port.js"
};
static const unsigned char file_81[] = {
#embed "../Web/Files/player/engine.js"
};
static const unsigned char file_82[] = {
#embed "../Web/Files/player/epochs.js"
};
static const unsigned char file_83[] = {
#embed "../Web/Files/player/fanfare-player.d.ts"
};
static const unsigned char file_84[] = {
#embed "../Web/Files/player/fanfare-player.js"
};
static const unsigned char file_85[] = {
#embed "../Web/Files/player/flv-demuxer.js"
};
static const unsigned char file_86[] = {
#embed "../Web/Files/player/flv-packets.js"
};
static const unsigned char file_87[] = {
#embed "../Web/Files/player/fmp4-muxer.js"
};
static const unsigned char file_88[] = {
#embed "../Web/Files/player/limits.js"
};
static const unsigned char file_89[] = {
#embed "../Web/Files/player/lockstep.js"
};
static const unsigned char file_90[] = {
#embed "../Web/Files/player/media-history.js"
};
static const unsigned char file_91[] = {
#embed "../Web/Files/player/media-sink.js"
};
static const unsigned char file_92[] = {
#embed "../Web/Files/player/mpegts-example.css"
};
static const unsigned char file_93[] = {
#embed "../Web/Files/player/mpegts-example.js"
};
static const unsigned char file_94[] = {
#embed "../Web/Files/player/pipeline-track.js"
};
static const unsigned char file_95[] = {
#embed "../Web/Files/player/pipeline.js"
};
static const unsigned char file_96[] = {
#embed "../Web/Files/player/playback.js"
};
static const unsigned char file_97[] = {
#embed "../Web/Files/player/player-state.js"
};
static const unsigned char file_98[] = {
#embed "../Web/Files/player/programme-clock.js"
};
static const unsigned char file_99[] = {
#embed "../Web/Files/player/time.js"
};
static const unsigned char file_100[] = {
#embed "../Web/Files/player/track-timeline.js"
};
static const unsigned char file_101[] = {
#embed "../Web/Files/player/video-config.js"
};
static const unsigned char file_102[] = {
#embed "../Web/Files/player/watchdog.js"
};
static const unsigned char file_103[] = {
#embed "../Web/Files/shared/back-off.js"
};
static const unsigned char file_104[] = {
#embed "../Web/Files/shared/card-words.js"
};
static const unsigned char file_105[] = {
#embed "../Web/Files/shared/design.css"
};
static const unsigned char file_106[] = {
#embed "../Web/Files/shared/dom.js"
};
static const unsigned char file_107[] = {
#embed "../Web/Files/shared/format.js"
};
static const unsigned char file_108[] = {
#embed "../Web/Files/shared/i18n.js"
};
static const unsigned char file_109[] = {
#embed "../Web/Files/shared/keyboard.js"
};
static const unsigned char file_110[] = {
#embed "../Web/Files/shared/question-card.js"
};
static const unsigned char file_111[] = {
#embed "../Web/Files/shared/stream-name.js"
};
static const unsigned char file_112[] = {
#embed "../Web/Files/viewer/address.js"
};
static const unsigned char file_113[] = {
#embed "../Web/Files/viewer/announcer.js"
};
static const unsigned char file_114[] = {
#embed "../Web/Files/viewer/answer-note.js"
};
static const unsigned char file_115[] = {
#embed "../Web/Files/viewer/api.js"
};
static const unsigned char file_116[] = {
#embed "../Web/Files/viewer/countdown.js"
};
static const unsigned char file_117[] = {
#embed "../Web/Files/viewer/cue-reader.js"
};
static const unsigned char file_118[] = {
#embed "../Web/Files/viewer/forecast.js"
};
static const unsigned char file_119[] = {
#embed "../Web/Files/viewer/game-state.js"
};
static const unsigned char file_120[] = {
#embed "../Web/Files/viewer/index.html"
};
static const unsigned char file_121[] = {
#embed "../Web/Files/viewer/join-form.js"
};
static const unsigned char file_122[] = {
#embed "../Web/Files/viewer/languages.js"
};
static const unsigned char file_123[] = {
#embed "../Web/Files/viewer/memory.js"
};
static const unsigned char file_124[] = {
#embed "../Web/Files/viewer/menu.js"
};
static const unsigned char file_125[] = {
#embed "../Web/Files/viewer/notices.js"
};
static const unsigned char file_126[] = {
#embed "../Web/Files/viewer/page.js"
};
static const unsigned char file_127[] = {
#embed "../Web/Files/viewer/picture-state.js"
};
static const unsigned char file_128[] = {
#embed "../Web/Files/viewer/picture-view.js"
};
static const unsigned char file_129[] = {
#embed "../Web/Files/viewer/player-bar.js"
};
static const unsigned char file_130[] = {
#embed "../Web/Files/viewer/question-screen.js"
};
static const unsigned char file_131[] = {
#embed "../Web/Files/viewer/screens.js"
};
static const unsigned char file_132[] = {
#embed "../Web/Files/viewer/speech.js"
};
static const unsigned char file_133[] = {
#embed "../Web/Files/viewer/streams.js"
};
static const unsigned char file_134[] = {
#embed "../Web/Files/viewer/strings/de.json"
};
static const unsigned char file_135[] = {
#embed "../Web/Files/viewer/strings/en.json"
};
static const unsigned char file_136[] = {
#embed "../Web/Files/viewer/strings/zh.json"
};
static const unsigned char file_137[] = {
#embed "../Web/Files/viewer/viewer.css"
};
static const unsigned char file_138[] = {
#embed "../Web/Files/viewer/viewer.js"
};
static const unsigned char file_139[] = {
#embed "../Web/Files/viewer/watch.js"
};

static const struct fanfare_web_file files[] = {
    {"console/account-menu.js", file_0, sizeof file_0},
    {"console/addresses-panel.js", file_1, sizeof file_1},
    {"console/alarm.js", file_2, sizeof file_2},
    {"console/announce-panel.js", file_3, sizeof file_3},
    {"console/announcement-text.js", file_4, sizeof file_4},
    {"console/answers-panel.js", file_5, sizeof file_5},
    {"console/audience-panel.js", file_6, sizeof file_6},
    {"console/ban-form.js", file_7, sizeof file_7},
    {"console/ban-panel.js", file_8, sizeof file_8},
    {"console/chart-scale.js", file_9, sizeof file_9},
    {"console/command-line.js", file_10, sizeof file_10},
    {"console/command-outbox.js", file_11, sizeof file_11},
    {"console/console-app.js", file_12, sizeof file_12},
    {"console/console-icons.js", file_13, sizeof file_13},
    {"console/console.css", file_14, sizeof file_14},
    {"console/console.js", file_15, sizeof file_15},
    {"console/crowd-report.js", file_16, sizeof file_16},
    {"console/csv-rows.js", file_17, sizeof file_17},
    {"console/deeds-panel.js", file_18, sizeof file_18},
    {"console/dialogs.js", file_19, sizeof file_19},
    {"console/dom-lists.js", file_20, sizeof file_20},
    {"console/drain-panel.js", file_21, sizeof file_21},
    {"console/event-link.js", file_22, sizeof file_22},
    {"console/feed-panel.js", file_23, sizeof file_23},
    {"console/feed-words.js", file_24, sizeof file_24},
    {"console/frame.js", file_25, sizeof file_25},
    {"console/go-panel.js", file_26, sizeof file_26},
    {"console/go-sheet.js", file_27, sizeof file_27},
    {"console/hash-route.js", file_28, sizeof file_28},
    {"console/import-panel.js", file_29, sizeof file_29},
    {"console/index.html", file_30, sizeof file_30},
    {"console/line-chart.js", file_31, sizeof file_31},
    {"console/live-store.js", file_32, sizeof file_32},
    {"console/login.html", file_33, sizeof file_33},
    {"console/login.js", file_34, sizeof file_34},
    {"console/machine-panel.js", file_35, sizeof file_35},
    {"console/monitor.js", file_36, sizeof file_36},
    {"console/now-next.js", file_37, sizeof file_37},
    {"console/people-view.js", file_38, sizeof file_38},
    {"console/plan-form.js", file_39, sizeof file_39},
    {"console/plan-values.js", file_40, sizeof file_40},
    {"console/players-tab.js", file_41, sizeof file_41},
    {"console/preferences.js", file_42, sizeof file_42},
    {"console/programme-view.js", file_43, sizeof file_43},
    {"console/question-draft.js", file_44, sizeof file_44},
    {"console/question-editor.js", file_45, sizeof file_45},
    {"console/question-order.js", file_46, sizeof file_46},
    {"console/questions-tab.js", file_47, sizeof file_47},
    {"console/rehearse-view.js", file_48, sizeof file_48},
    {"console/reports-panel.js", file_49, sizeof file_49},
    {"console/results-tab.js", file_50, sizeof file_50},
    {"console/run-sheet-panel.js", file_51, sizeof file_51},
    {"console/run-sheet.js", file_52, sizeof file_52},
    {"console/run-tab.js", file_53, sizeof file_53},
    {"console/show-list-view.js", file_54, sizeof file_54},
    {"console/show-questions.js", file_55, sizeof file_55},
    {"console/show-steps.js", file_56, sizeof file_56},
    {"console/show-view.js", file_57, sizeof file_57},
    {"console/spread-bar.js", file_58, sizeof file_58},
    {"console/sse-parser.js", file_59, sizeof file_59},
    {"console/staff-api.js", file_60, sizeof file_60},
    {"console/staff-roles.js", file_61, sizeof file_61},
    {"console/staff-types.js", file_62, sizeof file_62},
    {"console/step-asking.js", file_63, sizeof file_63},
    {"console/step-bar.js", file_64, sizeof file_64},
    {"console/step-safety.js", file_65, sizeof file_65},
    {"console/stream-history.js", file_66, sizeof file_66},
    {"console/strings/en.js", file_67, sizeof file_67},
    {"console/strings/viewers-en.js", file_68, sizeof file_68},
    {"console/units.js", file_69, sizeof file_69},
    {"console/viewers-view.js", file_70, sizeof file_70},
    {"examples/mpegts.html", file_71, sizeof file_71},
    {"favicon.svg", file_72, sizeof file_72},
    {"player/amf0.js", file_73, sizeof file_73},
    {"player/answer-outbox.js", file_74, sizeof file_74},
    {"player/answer-post.js", file_75, sizeof file_75},
    {"player/audio-config.js", file_76, sizeof file_76},
    {"player/bit-reader.js", file_77, sizeof file_77},
    {"player/connection.js", file_78, sizeof file_78},
    {"player/cue-schedule.js", file_79, sizeof file_79},
    {"player/engine-port.js", file_80, sizeof file_80},
    {"player/engine.js", file_81, sizeof file_81},
    {"player/epochs.js", file_82, sizeof file_82},
    {"player/fanfare-player.d.ts", file_83, sizeof file_83},
    {"player/fanfare-player.js", file_84, sizeof file_84},
    {"player/flv-demuxer.js", file_85, sizeof file_85},
    {"player/flv-packets.js", file_86, sizeof file_86},
    {"player/fmp4-muxer.js", file_87, sizeof file_87},
    {"player/limits.js", file_88, sizeof file_88},
    {"player/lockstep.js", file_89, sizeof file_89},
    {"player/media-history.js", file_90, sizeof file_90},
    {"player/media-sink.js", file_91, sizeof file_91},
    {"player/mpegts-example.css", file_92, sizeof file_92},
    {"player/mpegts-example.js", file_93, sizeof file_93},
    {"player/pipeline-track.js", file_94, sizeof file_94},
    {"player/pipeline.js", file_95, sizeof file_95},
    {"player/playback.js", file_96, sizeof file_96},
    {"player/player-state.js", file_97, sizeof file_97},
    {"player/programme-clock.js", file_98, sizeof file_98},
    {"player/time.js", file_99, sizeof file_99},
    {"player/track-timeline.js", file_100, sizeof file_100},
    {"player/video-config.js", file_101, sizeof file_101},
    {"player/watchdog.js", file_102, sizeof file_102},
    {"shared/back-off.js", file_103, sizeof file_103},
    {"shared/card-words.js", file_104, sizeof file_104},
    {"shared/design.css", file_105, sizeof file_105},
    {"shared/dom.js", file_106, sizeof file_106},
    {"shared/format.js", file_107, sizeof file_107},
    {"shared/i18n.js", file_108, sizeof file_108},
    {"shared/keyboard.js", file_109, sizeof file_109},
    {"shared/question-card.js", file_110, sizeof file_110},
    {"shared/stream-name.js", file_111, sizeof file_111},
    {"viewer/address.js", file_112, sizeof file_112},
    {"viewer/announcer.js", file_113, sizeof file_113},
    {"viewer/answer-note.js", file_114, sizeof file_114},
    {"viewer/api.js", file_115, sizeof file_115},
    {"viewer/countdown.js", file_116, sizeof file_116},
    {"viewer/cue-reader.js", file_117, sizeof file_117},
    {"viewer/forecast.js", file_118, sizeof file_118},
    {"viewer/game-state.js", file_119, sizeof file_119},
    {"viewer/index.html", file_120, sizeof file_120},
    {"viewer/join-form.js", file_121, sizeof file_121},
    {"viewer/languages.js", file_122, sizeof file_122},
    {"viewer/memory.js", file_123, sizeof file_123},
    {"viewer/menu.js", file_124, sizeof file_124},
    {"viewer/notices.js", file_125, sizeof file_125},
    {"viewer/page.js", file_126, sizeof file_126},
    {"viewer/picture-state.js", file_127, sizeof file_127},
    {"viewer/picture-view.js", file_128, sizeof file_128},
    {"viewer/player-bar.js", file_129, sizeof file_129},
    {"viewer/question-screen.js", file_130, sizeof file_130},
    {"viewer/screens.js", file_131, sizeof file_131},
    {"viewer/speech.js", file_132, sizeof file_132},
    {"viewer/streams.js", file_133, sizeof file_133},
    {"viewer/strings/de.json", file_134, sizeof file_134},
    {"viewer/strings/en.json", file_135, sizeof file_135},
    {"viewer/strings/zh.json", file_136, sizeof file_136},
    {"viewer/viewer.css", file_137, sizeof file_137},
    {"viewer/viewer.js", file_138, sizeof file_138},
    {"viewer/watch.js", file_139, sizeof file_139},
};

size_t fanfare_web_file_count(void) { return sizeof files / sizeof files[0]; }

const struct fanfare_web_file *fanfare_web_file(size_t index) {
    return index < fanfare_web_file_count() ? &files[index] : NULL;
}
