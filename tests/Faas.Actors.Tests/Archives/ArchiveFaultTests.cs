using System.IO.Pipelines;
using System.Text;
using Faas.Actors.Archives;
using Xunit;

namespace Faas.Actors.Tests.Archives;

public sealed class ArchiveFaultTests
{
    [Theory]
    [InlineData("""{"script":7}""", "\"script\" is 7; allowed is a text")]
    [InlineData("""{"script":"p","enabled":"yes"}""", "\"enabled\" is \"yes\"; allowed is true or false")]
    [InlineData("""{"script":"p","keep":{"newest":"3"}}""", "\"newest\" is \"3\"; allowed is a whole number")]
    [InlineData("""{"script":"p","aliases":{"a.b":{"target":{"version":"x"},"revision":1}}}""", "\"version\" is \"x\"; allowed is a whole number")]
    [InlineData("""{"script":"p","aliases":[1]}""", "\"aliases\" is [1]; allowed is an object of aliases")]
    [InlineData("""{"version":1,"uploaded":"yesterday"}""", "\"uploaded\" is \"yesterday\"; allowed is a time, such as \"2026-02-08T07:33:20Z\"")]
    [InlineData("""{"version":99999999999999999999}""", "\"version\" is 99999999999999999999; allowed is a whole number")]
    [InlineData("""{"version":1,"colour":"red"}""", "it has a member \"colour\", which this server does not know")]
    [InlineData("""{"version":1,"version":2}""", "it has the member \"version\" twice")]
    [InlineData("[1]", "it is [1]; allowed is an object")]
    [InlineData("{\"version\":1", "it is no JSON from byte 13 on")]
    public async Task A_line_that_cannot_be_read_is_told_in_words_of_the_archive(string line, string fault)
    {
        using var archive = new MemoryStream(Encoding.UTF8.GetBytes($"{{\"archive\":\"faas\",\"form\":1}}\n{line}\n"));
        using var reader = new ArchiveReader(PipeReader.Create(archive));
        await reader.BeginAsync(default);
        var wrong = await Assert.ThrowsAsync<ArchiveException>(() => reader.NextAsync(default));
        Assert.Equal($"Line 2 of the archive cannot be read: {fault}.", wrong.Message);
    }
}
