using System.Buffers;
using System.Text.Json;
using CsCheck;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Trees;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Protocol;

public sealed class FrameTests
{
    private static readonly Gen<(FrameType Type, byte[] Payload)> s_anyFrame = Gen.OneOf(
        Gen.Select(Gen.OneOf(FrameType.Stdout, FrameType.Stderr, FrameType.Result), Gen.Byte.Array[1, 200]),
        Gen.Select(Gen.OneOf(FrameType.Ready, FrameType.End, FrameType.Program), Gen.Byte.Array[2, 200]),
        Gen.Select(Gen.Const(FrameType.Check), Gen.Byte.Array[0, 0]),
        Gen.Select(Gen.Const(FrameType.Trace), Gen.Byte.Array[1, 64]),
        Gen.Select(Gen.OneOf(FrameType.Cancel, FrameType.Done, FrameType.Heard), Gen.Byte.Array[4, 4]),
        Gen.Select(Gen.Const(FrameType.Stdout), Gen.Byte.Array[64 << 10, 64 << 10]));

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_frames() =>
        Gen.Select(s_anyFrame.List[0, 6], Gen.Int[1, 40_000].List[1, 10]).Sample((frames, cuts) =>
        {
            var bytes = new ArrayBufferWriter<byte>();
            frames.ForEach(frame => FrameWriter.Write(bytes, frame.Type, frame.Payload));
            var read = ReadAll(bytes.WrittenMemory, cuts);
            Assert.Equal(frames.Select(Show), read.Select(Show));
        });

    [Fact]
    public void Garbage_gives_frames_or_the_one_protocol_error() =>
        Gen.OneOf(
            Gen.Byte.Array[0, 300], Gen.Select(Gen.Byte[0x80, 0x88], Gen.Byte.Array[4, 60]).Select((type, rest) => (byte[])[type, .. rest]))
            .Sample(garbage =>
        {
            try
            {
                foreach (var (type, payload) in ReadAll(garbage, [garbage.Length + 1]))
                {
                    _ = type switch
                    {
                        FrameType.Ready => (object)ReadyFrame.Parse(new(payload)),
                        FrameType.End => EndFrame.Parse(new(payload)),
                        _ => type,
                    };
                }
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        });

    [Theory]
    [InlineData(0x82, 65537u)]
    [InlineData(0x82, uint.MaxValue)]
    [InlineData(0x83, 0u)]
    [InlineData(0x85, 4097u)]
    [InlineData(0x00, 1u)]
    [InlineData(0x86, 1u)]
    [InlineData(0x87, 5u)]
    [InlineData(0x04, 3u)]
    [InlineData(0x88, 1u)]
    public void A_header_out_of_bounds_is_refused_before_its_payload(int type, uint length)
    {
        byte[] header = [(byte)type, .. BitConverter.GetBytes(length)];
        Assert.Throws<ProtocolException>(() =>
        {
            var bytes = new ReadOnlySequence<byte>(header);
            FrameReader.TryRead(ref bytes, out _);
        });
    }

    [Theory]
    [InlineData("""{"exitCode":0,"signal":null,"cpuMicroseconds":5,"maxRssBytes":7}""", true)]
    [InlineData("""{"exitCode":null,"signal":9,"cpuMicroseconds":5,"maxRssBytes":7}""", true)]
    [InlineData("""{"exitCode":null,"signal":null,"cpuMicroseconds":5,"maxRssBytes":7}""", false)]
    [InlineData("""{"exitCode":1,"signal":9,"cpuMicroseconds":5,"maxRssBytes":7}""", false)]
    [InlineData("""{"exitCode":"0","signal":null,"cpuMicroseconds":5,"maxRssBytes":7}""", false)]
    [InlineData("""{"exitCode":0,"cpuMicroseconds":-5,"maxRssBytes":7}""", false)]
    [InlineData("null", false)]
    [InlineData("{", false)]
    public void An_end_says_exactly_one_of_exit_code_and_signal(string json, bool valid)
    {
        var payload = new ReadOnlySequence<byte>(System.Text.Encoding.UTF8.GetBytes(json));
        if (valid)
        {
            Assert.Equal((5, 7), (EndFrame.Parse(payload).CpuMicroseconds, EndFrame.Parse(payload).MaxRssBytes));
        }
        else
        {
            Assert.Throws<ProtocolException>(() => EndFrame.Parse(payload));
        }
    }

    [Fact]
    public void A_zygote_of_another_protocol_is_refused() =>
        Assert.Throws<ProtocolException>(() => ReadyFrame.Parse(new("""{"protocol":2,"runtime":"node","version":"1"}"""u8.ToArray())));

    [Theory]
    [InlineData(1, null)]
    [InlineData(8, 8)]
    public void A_program_says_how_many_runs_one_process_serves_at_once_if_it_is_more_than_one(int concurrency, int? told)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var code = ScriptCode.Of(Language.Python, "1");
        FrameWriter.WriteProgram(bytes, new ProgramFrame(code, Isolation.Shared) { Concurrency = concurrency });
        var program = JsonDocument.Parse(Assert.Single(ReadAll(bytes.WrittenMemory, [1 << 20])).Payload).RootElement;
        Assert.Equal(told, program.TryGetProperty("concurrency", out var number) ? number.GetInt32() : null);
    }

    [Fact]
    public void An_order_for_one_of_several_runs_begins_with_its_number()
    {
        var bytes = new ArrayBufferWriter<byte>();
        FrameWriter.WriteRun(bytes, 258, "{}"u8);
        FrameWriter.WriteCancel(bytes, 258);
        Assert.Equal([2, 6, 0, 0, 0, 2, 1, 0, 0, (byte)'{', (byte)'}', 4, 4, 0, 0, 0, 2, 1, 0, 0], bytes.WrittenSpan.ToArray());
    }

    [Theory]
    [InlineData(Language.Python, "{\"a.bin\":{\"base64\":\"AP8=\"},\"main.py\":\"import a\"}")]
    [InlineData(Language.JavaScript, null)]
    public void A_program_of_several_files_names_its_entry_and_brings_the_files_where_they_are_not_bundled(Language language, string? files)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var tree = SourceTree.Of("main.py", [SourceFile.OfText("main.py", "import a"), new SourceFile("a.bin", new byte[] { 0, 255 })]);
        FrameWriter.WriteProgram(bytes, new ProgramFrame(ScriptCode.Of(language, tree), Isolation.Process));
        var program = JsonDocument.Parse(Assert.Single(ReadAll(bytes.WrittenMemory, [1 << 20])).Payload).RootElement;

        Assert.Equal("main.py", program.GetProperty("entry").GetString());
        Assert.Equal("import a", program.GetProperty("source").GetString());
        Assert.Equal(files, program.TryGetProperty("files", out var sent) ? sent.GetRawText() : null);
    }

    [Fact]
    public void A_program_carries_what_the_compiler_made_of_it()
    {
        var code = ScriptCode.Of(Language.TypeScript, "enum A {}") with { Compiled = new CompiledJavaScript("var A;", "{\"version\":3}") };
        var bytes = new ArrayBufferWriter<byte>();
        FrameWriter.WriteProgram(
            bytes,
            new ProgramFrame(code, Isolation.Shared)
            {
                Handler = "handle",
                Cpus = 0.5,
                MemoryBytes = 1 << 30,
                Timeout = TimeSpan.FromSeconds(3),
                Env = NamedTexts.Of([KeyValuePair.Create("B", "ä\""), KeyValuePair.Create("A", "")]),
            });
        var (type, payload) = Assert.Single(ReadAll(bytes.WrittenMemory, [1 << 20]));
        Assert.Equal(FrameType.Program, type);
        var program = JsonDocument.Parse(payload).RootElement;
        Assert.Equal("script.ts", program.GetProperty("filename").GetString());
        Assert.Equal("var A;", program.GetProperty("source").GetString());
        Assert.Equal("{\"version\":3}", program.GetProperty("sourceMap").GetString());
        Assert.Equal("shared", program.GetProperty("isolation").GetString());
        Assert.Equal("enum A {}", program.GetProperty("text").GetString());
        Assert.Equal("handle", program.GetProperty("handler").GetString());
        Assert.Equal(0.5, program.GetProperty("cpus").GetDouble());
        Assert.Equal(1 << 30, program.GetProperty("memoryBytes").GetInt64());
        Assert.Equal(3000, program.GetProperty("timeoutMilliseconds").GetInt64());
        Assert.Equal("{\"A\":\"\",\"B\":\"ä\\\"\"}", program.GetProperty("env").GetRawText());
        Assert.Equal(10, program.EnumerateObject().Count());
    }

    private static List<(FrameType Type, byte[] Payload)> ReadAll(ReadOnlyMemory<byte> bytes, List<int> cuts)
    {
        var frames = new List<(FrameType, byte[])>();
        var (given, taken) = (0, 0);
        for (var next = 0; given < bytes.Length; next++)
        {
            given = Math.Min(bytes.Length, given + cuts[next % cuts.Count]);
            var seen = new ReadOnlySequence<byte>(bytes[taken..given]);
            while (FrameReader.TryRead(ref seen, out var frame))
            {
                frames.Add((frame.Type, frame.Payload.ToArray()));
            }

            taken = given - (int)seen.Length;
        }

        return frames;
    }

    private static string Show((FrameType Type, byte[] Payload) frame) => $"{frame.Type} {Convert.ToHexString(frame.Payload)}";
}
