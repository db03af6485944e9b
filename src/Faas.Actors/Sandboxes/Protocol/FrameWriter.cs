using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Faas.Actors.Json;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes.Protocol;

/// <summary>Writes the frames that go to a zygote. The caller flushes.</summary>
public static class FrameWriter
{
    /// <summary>The bytes of a run's number, in the frames of a concurrent child.</summary>
    public const int NumberLength = 4;

    private const int FilePiece = 64 << 10;

    /// <summary>PROGRAM binds the sandbox to the code and sets what the runs will share.</summary>
    public static void WriteProgram(IBufferWriter<byte> output, ProgramFrame program)
    {
        var code = program.Code;
        var payload = new ArrayBufferWriter<byte>(code.Source.Length + (code.Tree?.Bytes ?? 0) + 256);
        using (var json = new Utf8JsonWriter(payload, RelaxedJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("filename", FileName(code.Language));
            json.WriteString("source", code.Compiled?.JavaScript ?? code.Source);
            json.WriteString("sourceMap", code.Compiled?.SourceMap);
            json.WriteString("text", code.Compiled is null ? null : code.Source);
            WriteTree(json, code);
            json.WriteString("isolation", program.Isolation.ToWire());
            json.WriteString("handler", program.Handler);
            WriteNumber(json, "memoryBytes", program.MemoryBytes);
            WriteNumber(json, "cpus", program.Cpus);
            WriteNumber(json, "timeoutMilliseconds", program.Timeout?.TotalMilliseconds);
            WriteNumber(json, "heapBytes", program.HeapBytes);
            WriteEnv(json, program.Env);
            if (program.Proxy is { } proxy)
            {
                json.WriteString("proxy", proxy);
            }

            if (program.Authority is { } authority)
            {
                json.WriteString("authority", authority);
            }

            WriteLayer(json, program);
            if (program.LibrariesAhead)
            {
                json.WriteBoolean("librariesAhead", true);
            }

            if (program.Out is { } limits)
            {
                json.WriteStartObject("out");
                json.WriteNumber("files", limits.Files);
                json.WriteNumber("bytes", limits.Bytes);
                json.WriteEndObject();
            }

            if (program.Concurrency > 1)
            {
                json.WriteNumber("concurrency", program.Concurrency);
            }

            json.WriteEndObject();
        }

        Write(output, FrameType.Program, payload.WrittenSpan);
    }

    /// <summary>RUN starts a run of the program. The input must be valid JSON.</summary>
    public static void WriteRun(IBufferWriter<byte> output, ReadOnlySpan<byte> input) => Write(output, FrameType.Run, input);

    /// <summary>TRACE tells the trace of the run whose RUN follows.</summary>
    public static void WriteTrace(IBufferWriter<byte> output, string traceParent) =>
        Write(output, FrameType.Trace, Encoding.ASCII.GetBytes(traceParent));

    /// <summary>SECRETS tells the secrets of the run whose RUN follows.</summary>
    public static void WriteSecrets(IBufferWriter<byte> output, RunSecrets secrets) => WriteSecrets(output, [], secrets);

    /// <summary>SECRETS of a concurrent child: the run's number, and the secrets.</summary>
    public static void WriteSecrets(IBufferWriter<byte> output, uint number, RunSecrets secrets)
    {
        Span<byte> bytes = stackalloc byte[NumberLength];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        WriteSecrets(output, bytes, secrets);
    }

    /// <summary>
    /// FILE and FILE_BYTES: a file of the run whose RUN follows. Flushes each piece, so that memory holds the file once.
    /// </summary>
    public static async Task SendFileAsync(PipeWriter output, RunFile file)
    {
        Write(output, FrameType.File, Encoding.UTF8.GetBytes(file.Name));
        foreach (var segment in file.Content)
        {
            for (var rest = segment; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, FilePiece)..])
            {
                Write(output, FrameType.FileBytes, rest.Span[..Math.Min(rest.Length, FilePiece)]);
                await output.FlushAsync();
            }
        }
    }

    /// <summary>RUN of a concurrent child: the run's number, and the input.</summary>
    public static void WriteRun(IBufferWriter<byte> output, uint number, ReadOnlySpan<byte> input)
    {
        var payload = Begin(output, FrameType.Run, NumberLength + input.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(payload, number);
        input.CopyTo(payload[NumberLength..]);
        output.Advance(FrameReader.HeaderLength + NumberLength + input.Length);
    }

    /// <summary>CANCEL: no caller waits for this run of a concurrent child any more.</summary>
    public static void WriteCancel(IBufferWriter<byte> output, uint number)
    {
        Span<byte> bytes = stackalloc byte[NumberLength];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        Write(output, FrameType.Cancel, bytes);
    }

    /// <summary>CHECK compiles the program and does not run it.</summary>
    public static void WriteCheck(IBufferWriter<byte> output) => Write(output, FrameType.Check, default);

    /// <summary>
    /// Writes any frame. Throws <see cref="ProtocolException"/> when the payload is shorter or longer than the type allows.
    /// </summary>
    public static void Write(IBufferWriter<byte> output, FrameType type, ReadOnlySpan<byte> payload)
    {
        var (min, max) = FrameReader.Limits(type);
        if (payload.Length < min || payload.Length > max)
        {
            throw new ProtocolException($"a {type} frame of {payload.Length} bytes; allowed are {min} to {max}");
        }

        payload.CopyTo(Begin(output, type, payload.Length));
        output.Advance(FrameReader.HeaderLength + payload.Length);
    }

    // Writes the header, and returns the place of the payload. The caller advances over both.
    private static Span<byte> Begin(IBufferWriter<byte> output, FrameType type, int length)
    {
        var frame = output.GetSpan(FrameReader.HeaderLength + length);
        frame[0] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(frame[1..], length);
        return frame[FrameReader.HeaderLength..];
    }

    private static void WriteSecrets(IBufferWriter<byte> output, ReadOnlySpan<byte> number, RunSecrets secrets)
    {
        var payload = new ArrayBufferWriter<byte>(256);
        payload.Write(number);
        using (var json = new Utf8JsonWriter(payload, RelaxedJson.WriterOptions))
        {
            secrets.WriteTo(json);
        }

        Write(output, FrameType.Secrets, payload.WrittenSpan);
    }

    private static void WriteEnv(Utf8JsonWriter json, NamedTexts? env)
    {
        if (env is null)
        {
            return;
        }

        json.WriteStartObject("env");
        foreach (var (name, value) in env.Entries)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    // A program of node names the files of its layer itself.
    private static void WriteLayer(Utf8JsonWriter json, ProgramFrame program)
    {
        if (program.Layer is not { } layer || program.Code.Runtime == Runtime.Node)
        {
            return;
        }

        json.WriteStartObject("libraries");
        json.WriteString("path", LayerMount.Inside);
        json.WriteBoolean("trusted", layer.IsTrusted);
        json.WriteBoolean("ahead", program.ImportsAhead);
        json.WriteEndObject();
    }

    // The files are Python's alone: of JavaScript and TypeScript, the source has them all.
    private static void WriteTree(Utf8JsonWriter json, ScriptCode code)
    {
        if (code.Tree is not { } tree)
        {
            return;
        }

        json.WriteString("entry", tree.Entry);
        if (code.Runtime == Runtime.Python)
        {
            json.WriteStartObject("files");
            foreach (var file in tree.Files)
            {
                json.WritePropertyName(file.Name);
                if (file.IsText)
                {
                    json.WriteStringValue(file.Content.Span);
                }
                else
                {
                    json.WriteStartObject();
                    json.WriteBase64String("base64", file.Content.Span);
                    json.WriteEndObject();
                }
            }

            json.WriteEndObject();
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
    }

    private static string FileName(Language language) => language switch
    {
        Language.JavaScript => "script.js",
        Language.TypeScript => "script.ts",
        _ => "script.py",
    };
}
