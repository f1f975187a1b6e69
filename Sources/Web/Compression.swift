// Packs files once, at the start: gzip and Brotli.

import CBrotli
import CZlib

/// Packing bytes for HTTP's content codings.
enum Compression {
    /// RFC 1952, by zlib at its best.
    static func gzip(_ bytes: [UInt8]) throws(WebError) -> [UInt8] {
        let problem = WebError.library("zlib could not pack a page; is zlib1g whole?")
        var stream = unsafe z_stream()
        // 15 bits of window, and 16 more for gzip's head and end.
        let begun = unsafe deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard begun == Z_OK else { throw problem }
        defer { unsafe deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](
            repeating: 0, count: unsafe Int(deflateBound(&stream, UInt(input.count))))
        let result = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe stream.next_in = input.baseAddress
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                return unsafe deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { throw problem }
        return Array(output.prefix(unsafe Int(stream.total_out)))
    }

    /// RFC 7932, by libbrotlienc.
    ///
    /// - Parameter quality: 0 to 11; the last is some forty times as slow as 6, and a tenth smaller.
    static func brotli(_ bytes: [UInt8], quality: Int32) throws(WebError) -> [UInt8] {
        var output = [UInt8](
            repeating: 0, count: max(64, BrotliEncoderMaxCompressedSize(bytes.count)))
        var count = output.count
        let isDone = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe BrotliEncoderCompress(
                    quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, input.count,
                    input.baseAddress, &count, output.baseAddress)
            }
        }
        guard isDone == BROTLI_TRUE else {
            throw .library("libbrotlienc could not pack a page; is libbrotli1 whole?")
        }
        return Array(output.prefix(count))
    }
}
