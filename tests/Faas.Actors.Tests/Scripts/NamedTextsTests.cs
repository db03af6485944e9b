using System.Text.Json;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Scripts;

public sealed class NamedTextsTests
{
    [Fact]
    public void The_order_in_which_they_were_given_makes_no_difference()
    {
        var (one, other) = (Of(("B", "2"), ("A", "1")), Of(("A", "1"), ("B", "2")));

        Assert.Equal(one, other);
        Assert.Equal((one!.GetHashCode(), one.Digest), (other!.GetHashCode(), other.Digest));
        Assert.Equal(["A", "B"], one.Entries.Select(entry => entry.Key));
    }

    [Fact]
    public void Other_names_and_other_texts_are_others()
    {
        string?[] digests =
        [
            Of(("A", "1"))?.Digest, Of(("A", "2"))?.Digest, Of(("B", "1"))?.Digest, Of(("A", "1"), ("B", "1"))?.Digest,
            Of(("A", "1\",\"B\",\"1"))?.Digest, Of(("A1", ""))?.Digest, Of(("A", ""), ("1", ""))?.Digest,
        ];

        Assert.Equal(digests.Length, digests.Distinct().Count());
    }

    [Fact]
    public void None_are_null() => Assert.Null(Of());

    [Fact]
    public void What_is_printed_of_them_tells_no_text() => Assert.Equal("A, B", Of(("B", "confidential"), ("A", "1"))!.ToString());

    [Fact]
    public void They_are_as_long_as_their_utf8() => Assert.Equal(5, Of(("A", "ää"))!.Bytes);

    [Fact]
    public void As_json_they_are_an_object() =>
        Assert.Equal("{\"A\":\"1\",\"B\":\"2\"}", JsonSerializer.Serialize(Of(("B", "2"), ("A", "1"))));

    private static NamedTexts? Of(params (string Name, string Text)[] entries) =>
        NamedTexts.Of(entries.Select(entry => KeyValuePair.Create(entry.Name, entry.Text)));
}
