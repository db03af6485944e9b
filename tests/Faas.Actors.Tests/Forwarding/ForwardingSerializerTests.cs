using System.Buffers;
using System.Text;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Faas.Actors.Forwarding;
using Faas.Actors.Placement;
using Faas.Actors.Runs;
using Xunit;

namespace Faas.Actors.Tests.Forwarding;

/// <summary>
/// The bytes of what nodes tell each other of runs, as this version writes them: nodes of the next version must read and write the same.
/// A stream's reference is Akka's own.
/// </summary>
public sealed class ForwardingSerializerTests : TestKit
{
    private const string Five = "\u0005\0\0\0\0\0\0\0";
    private readonly ForwardingSerializer _serializer;

    public ForwardingSerializerTests() => _serializer = new ForwardingSerializer((ExtendedActorSystem)Sys);

    public static TheoryData<string, string, object> Messages => new()
    {
        { "fr1", Five + "\0order", new ForwardRun(5, Whole("order")) },
        { "fa1", Five, new AbandonRun(5) },
        { "fk1", Five, new CancelForwarded(5) },
        { "fd1", Five, new RunDeclined(5) },
        { "fe1", Five + "\0outcome", new RunReplied(5, Whole("outcome")) },
        { "fc1", Five + """{"elapsed":1,"cpu":2,"maxRssBytes":3}""", new RunCost(5, new Usage(TimeSpan.FromTicks(1), TimeSpan.FromTicks(2), 3)) },
        { "bp1", "piece", new BytePiece("piece"u8.ToArray()) },
        { "ks1", "\u0003\0\0\0a:1order", new KeepSandboxes("a:1", "order"u8.ToArray()) },
        { "lg1", "\u0003\0\0\0a:1p/q", new LetGoSandboxes("a:1", "p/q") },
        {
            "pn1",
            """{"node":"a:1","news":{"life":9,"number":6,"isWhole":true,"permits":4,"free":3,"waiting":2,"isDraining":false,"spares":{"node":1},"seats":{"-8":1}}}""",
            new PoolNews("a:1", new DigestNews(
                9, 6, true, 4, 3, 2, false, new Dictionary<string, int> { ["node"] = 1 }, new Dictionary<long, int> { [-8] = 1 }))
        },
        { "pw1", "", WantWholeNews.Instance },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_bytes_of_a_message_stay_what_they_are(string manifest, string bytes, object message)
    {
        Assert.Equal((manifest, bytes), (_serializer.Manifest(message), Encoding.UTF8.GetString(_serializer.ToBinary(message))));
        var read = _serializer.FromBinary(Encoding.UTF8.GetBytes(bytes), manifest);
        Assert.Equal(bytes, Encoding.UTF8.GetString(_serializer.ToBinary(read)));
        Assert.Equal(message.GetType(), read.GetType());
    }

    private static Parcel Whole(string text) => new(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));
}
