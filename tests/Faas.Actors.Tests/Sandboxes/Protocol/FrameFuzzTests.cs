using System.Buffers;
using System.Text;
using CsCheck;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Outcomes;
using Faas.Actors.Sandboxes.Protocol;
using Faas.Tests;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Protocol;

/// <summary>
/// Feeds nearly right bytes to the code that reads a zygote's frames. It must return frames or throw <see cref="ProtocolException"/>, and
/// nothing else.
/// </summary>
public sealed class FrameFuzzTests
{
    private static readonly Gen<byte[]> s_ready = Gen.OneOf(
        """{"protocol":1,"runtime":"node","version":"26.10.0"}"""u8.ToArray(),
        """{"protocol":2,"runtime":"python","version":"3"}"""u8.ToArray());

    private static readonly Gen<byte[]> s_end = Gen.Select(Gen.Int, Gen.Bool, Gen.Long, Gen.Long)
        .Select((status, isSignal, cpu, rss) => (End: isSignal ? $"null,\"signal\":{status}" : $"{status},\"signal\":null", cpu, rss))
        .Select(end => Encoding.UTF8.GetBytes($$"""{"exitCode":{{end.End}},"cpuMicroseconds":{{end.cpu}},"maxRssBytes":{{end.rss}}}"""));

    private static readonly Gen<string> s_payload = Gen.OneOf(
        "", "42", """{"name":"Error","message":"m","stack":"s"}""", """{"message":"m","line":1,"column":2}""");

    private static readonly Gen<byte[]> s_result = Gen.Select(Gen.OneOf('V', 'N', 'E', 'S', 'x'), s_payload)
        .Select((kind, payload) => (byte[])[(byte)kind, .. BitConverter.GetBytes(payload.Length), .. Encoding.UTF8.GetBytes(payload)]);

    private static readonly Gen<byte[]> s_stream = Gen.OneOf(
            Framed(FrameType.Ready, s_ready),
            Framed(FrameType.End, s_end),
            Framed(FrameType.Result, s_result),
            Framed(FrameType.OutFile, Gen.Byte.Array[1, 9]),
            Framed(FrameType.OutBytes, Gen.Byte.Array[1, 80]),
            Framed(FrameType.OutRefused, Gen.OneOf("{\"over\":true,\"detail\":\"d\"}"u8.ToArray(), "{}"u8.ToArray())),
            Framed(FrameType.Stdout, Gen.Byte.Array[1, 80]))
        .Array[0, 5].Select(frames => frames.SelectMany(frame => frame).ToArray());

    [Fact]
    public void Damaged_frames_are_frames_or_the_protocol_error() => Gen.Select(s_stream.Damaged(), Gen.Int[1, 40]).Fuzz(
        drawn =>
        {
            var (bytes, piece) = drawn;
            var taken = 0L;
            try
            {
                for (var arrived = 0; arrived < bytes.Length;)
                {
                    arrived = Math.Min(bytes.Length, arrived + piece);
                    var rest = new ReadOnlySequence<byte>(bytes.AsMemory((int)taken, arrived - (int)taken));
                    while (FrameReader.TryRead(ref rest, out var frame))
                    {
                        Read(frame);
                    }

                    Assert.InRange(arrived - rest.Length, taken, arrived);
                    taken = arrived - rest.Length;
                }
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        },
        60_000);

    [Fact]
    public void A_damaged_result_is_an_outcome_within_its_limit() => Gen.Select(s_result.Damaged(), Gen.Int[1, 40]).Fuzz(
        drawn =>
        {
            var (bytes, piece) = drawn;
            const int limit = 64;
            var result = new ResultAssembly(limit);
            foreach (var part in bytes.Chunk(piece))
            {
                if (!result.Append(new ReadOnlySequence<byte>(part)))
                {
                    return; // the message is over its limit, so the server would kill the run
                }
            }

            Assert.True(result.Message is null || result.Message.Payload.Length <= Math.Max(limit, bytes.Length));
            var outcome = ScriptOutcome.Of(result.Message, new EndFrame(0, null, 1, 1), new Faas.Actors.Runs.Output.ByteTail(16));
            Assert.True(outcome.Data is not null || outcome.Detail.Length > 0);
        },
        40_000);

    [Fact]
    public void Any_files_that_a_zygote_sends_are_within_the_limits_or_the_protocol_error() => Gen.Select(
        Gen.OneOf(FrameType.Out, FrameType.OutFile, FrameType.OutBytes, FrameType.OutRefused),
        Gen.OneOf(
            Gen.OneOf("a", "b", "..", "a/b", "ä", "{}", "{\"over\":true,\"detail\":\"d\"}", "{\"over\":1}").Select(Encoding.UTF8.GetBytes),
            Gen.Byte.Array[1, 40])).Array[0, 12].Fuzz(
        frames =>
        {
            var files = new OutFiles(new OutLimits(3, 60));
            try
            {
                foreach (var (type, payload) in frames)
                {
                    files.Take(new Frame(type, new ReadOnlySequence<byte>(payload)));
                }
            }
            catch (ProtocolException refused)
            {
                Assert.NotEmpty(refused.Message);
                return;
            }

            var all = files.All;
            Assert.InRange(all.Count, 0, 3);
            Assert.InRange(all.Sum(file => file.Content.Length), 0, 60);
            Assert.Equal(all.Count, all.DistinctBy(file => file.Name).Count());
            Assert.True(files.Refusal is not null || all.All(file => RunFileName.Check(file.Name) is null));
        },
        40_000);

    private static void Read(Frame frame) => _ = frame.Type switch
    {
        FrameType.Ready => ReadyFrame.Parse(frame.Payload),
        FrameType.End => EndFrame.Parse(frame.Payload),
        _ => (object)frame.Type,
    };

    private static Gen<byte[]> Framed(FrameType type, Gen<byte[]> payload) => payload.Select(bytes =>
    {
        var frame = new ArrayBufferWriter<byte>();
        FrameWriter.Write(frame, type, bytes);
        return frame.WrittenSpan.ToArray();
    });
}
