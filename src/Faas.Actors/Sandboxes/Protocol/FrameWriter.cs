using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>Writes the frames that go to a zygote. Nothing is flushed here.</summary>
public static class FrameWriter
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>PROGRAM: binds the sandbox to the code, and says what its calls will share.</summary>
    public static void WriteProgram(IBufferWriter<byte> output, ScriptCode code, Isolation isolation)
    {
        var payload = new ArrayBufferWriter<byte>(code.Source.Length + 256);
        using (var json = new Utf8JsonWriter(payload, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("filename", FileName(code.Language));
            json.WriteString("source", code.Compiled?.JavaScript ?? code.Source);
            json.WriteString("sourceMap", code.Compiled?.SourceMap);
            json.WriteString("isolation", isolation.ToWire());
            json.WriteEndObject();
        }

        Write(output, FrameType.Program, payload.WrittenSpan);
    }

    /// <summary>RUN: runs the program. The input is valid JSON.</summary>
    public static void WriteRun(IBufferWriter<byte> output, ReadOnlySpan<byte> input) => Write(output, FrameType.Run, input);

    /// <summary>CHECK: compiles the program.</summary>
    public static void WriteCheck(IBufferWriter<byte> output) => Write(output, FrameType.Check, default);

    /// <summary>Any frame. Throws <see cref="ProtocolException"/> when the payload is longer than the type allows.</summary>
    public static void Write(IBufferWriter<byte> output, FrameType type, ReadOnlySpan<byte> payload)
    {
        var (min, max) = FrameReader.Limits(type);
        if (payload.Length < min || payload.Length > max)
        {
            throw new ProtocolException($"a {type} frame of {payload.Length} bytes; allowed are {min} to {max}");
        }

        var frame = output.GetSpan(FrameReader.HeaderLength + payload.Length);
        frame[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(frame[1..], payload.Length);
        payload.CopyTo(frame[FrameReader.HeaderLength..]);
        output.Advance(FrameReader.HeaderLength + payload.Length);
    }

    private static string FileName(Language language) => language switch
    {
        Language.JavaScript => "script.js",
        Language.TypeScript => "script.ts",
        _ => "script.py",
    };
}
